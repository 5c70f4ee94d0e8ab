"""Trino as Athena's engine: its process, configuration and protocol."""
