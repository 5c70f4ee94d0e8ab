"""Shared by Athena's Hive statements: tokens, types, table definitions and error messages."""
