"""Infer the types of JSON documents in one scan."""
