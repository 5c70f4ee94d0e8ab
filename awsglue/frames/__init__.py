"""DynamicFrame: methods on fields, methods on rows, and their common base."""
