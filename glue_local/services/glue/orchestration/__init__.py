"""The operations of triggers, workflows and their runs."""
