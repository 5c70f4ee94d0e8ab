"""Sinks: one module for each kind of connection."""
