"""Iceberg tables: Athena's features that Trino does not have."""
