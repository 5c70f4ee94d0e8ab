"""Verify a promoted pipeline: run a small sample through copies of its resources and compare rows with local ones."""
