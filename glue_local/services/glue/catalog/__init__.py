"""The Data Catalog's operations."""
