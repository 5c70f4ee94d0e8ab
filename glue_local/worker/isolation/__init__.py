"""Isolation of runs from the network and from each other: host names, addresses, left-over processes."""
