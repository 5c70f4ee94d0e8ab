"""Crawlers: definitions, schedules, and their runs."""
