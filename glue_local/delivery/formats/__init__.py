"""Formats that records are converted to: one file each."""
