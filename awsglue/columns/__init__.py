"""Columns and schemas: casts, choices, mappings, paths and joins."""
