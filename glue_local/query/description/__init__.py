"""Hive's layout of SHOW and DESCRIBE."""
