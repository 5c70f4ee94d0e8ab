"""A promoted pipeline proven: a small set through copies of its places, its rows held against the local ones."""
