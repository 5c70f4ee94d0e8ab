"""Tests of jobs/daily_totals.py; the fixtures come from glue-local's pytest plugin."""

import sys

from glue_local.testing import assert_frames_equal

sys.path.insert(0, "jobs")


def test_only_paid_orders_count(spark):
    from daily_totals import totals

    rows = [("d1", "paid", 1.0), ("d1", "paid", 2.5), ("d1", "open", 9.0), ("d2", "cancelled", 9.0)]
    orders = spark.createDataFrame(rows, "day string, state string, amount double")
    assert_frames_equal(totals(orders), [{"day": "d1", "orders": 2, "amount": 3.5}])


def test_the_job_appends_the_totals_of_new_orders(run_job, glue_local, spark):
    glue_local.provision("glue-local.yaml")  # with its seeds

    first, second = run_job("daily_totals"), run_job("daily_totals")

    assert first.succeeded, first
    assert second.output == "no new orders\n"
    expected = [
        {"day": "2026-03-02", "orders": 2, "amount": 24.75},
        {"day": "2026-03-03", "orders": 1, "amount": 12.0},
    ]
    assert_frames_equal(spark.read.parquet("s3://my-project-data/totals/"), expected)
