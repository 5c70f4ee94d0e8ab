"""Athena's queries: Trino runs them; glue-local adds Hive's statements, result objects and query states."""
