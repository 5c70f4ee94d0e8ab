"""What Glue job scripts import: AWS Glue's ``awsglue`` package on plain PySpark."""

from .dynamicframe import DynamicFrame

__all__ = ["DynamicFrame"]
