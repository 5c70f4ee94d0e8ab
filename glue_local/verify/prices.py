"""What AWS asks, as data: list prices without taxes, free tiers and discounts, with the day and region they are of."""

AS_OF = "2026-10-07"
REGION = "us-east-1"

# USD. Glue from AWS's Price List API; the others from AWS's pricing pages as quoted by others, not from the Price List.
GLUE_DPU_HOUR = {"": 0.44, "6.0": 0.308}
"""By GlueVersion; "" is any other."""
GLUE_DPU_HOUR_FLEX = {"": 0.29, "6.0": 0.203}
GLUE_MINIMUM_SECONDS = 60
KINESIS_SHARD_HOUR = 0.015
KINESIS_MILLION_PUTS = 0.014  # of up to 25 KB
FIREHOSE_GIGABYTE = 0.029
FIREHOSE_RECORD_KILOBYTES = 5  # a record is rounded up to
S3_THOUSAND_PUTS = 0.005  # and COPY, POST, LIST
S3_THOUSAND_GETS = 0.0004
STATES_THOUSAND_TRANSITIONS = 0.025

# https://docs.aws.amazon.com/glue/latest/dg/worker-types.html
DPUS = {
    "Standard": 1.0, "G.025X": 0.25, "G.1X": 1.0, "G.2X": 2.0, "G.4X": 4.0, "G.8X": 8.0, "G.12X": 12.0, "G.16X": 16.0,
    "R.1X": 1.0, "R.2X": 2.0, "R.4X": 4.0, "R.8X": 8.0,
}  # fmt: skip
