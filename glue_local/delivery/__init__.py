"""Firehose's delivery: records from Kinesis or direct puts are buffered and written to S3."""
