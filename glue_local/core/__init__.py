"""Leaves: every package may import them, and they import the standard library only."""
