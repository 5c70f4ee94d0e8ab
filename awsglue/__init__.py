"""AWS Glue's ``awsglue`` package, implemented on plain PySpark."""

from .dynamicframe import DynamicFrame

__all__ = ["DynamicFrame"]
