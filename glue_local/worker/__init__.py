"""Queued run → finished run; standard library and boto3 only, so that it runs inside the official Glue image."""
