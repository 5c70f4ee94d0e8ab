"""Spark's settings for a run: environment, configuration, executors."""
