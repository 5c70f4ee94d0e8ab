"""A user's own project: its files, and the jobs that run from them."""
