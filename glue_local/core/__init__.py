"""Leaves that every part may import and that import nothing of ours."""
