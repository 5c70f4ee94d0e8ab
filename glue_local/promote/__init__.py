"""Definitions in files → resources in an account, through the ordinary AWS APIs."""
