"""Add up the paid orders of each day."""

import sys

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from pyspark.sql import functions as F


def totals(orders):
    """Return the number and amount of the paid orders of each day."""
    paid = orders.where(F.col("state") == "paid")
    return paid.groupBy("day").agg(F.count("*").alias("orders"), F.round(F.sum("amount"), 2).alias("amount"))


def main():
    """Read the new orders, and append their totals."""
    args = getResolvedOptions(sys.argv, ["JOB_NAME", "totals"])
    context = GlueContext(SparkContext.getOrCreate())
    job = Job(context)
    job.init(args["JOB_NAME"], args)
    orders = context.create_dynamic_frame.from_catalog("my_project", "orders", transformation_ctx="orders").toDF()
    if orders.isEmpty():
        print("no new orders")
    else:
        found = totals(orders)
        found.orderBy("day").show()
        found.coalesce(1).write.mode("append").parquet(args["totals"])
    job.commit()


if __name__ == "__main__":
    main()
