"""Simulated traffic: a network, its vehicles, its jams, and the data defects of the real feed."""
