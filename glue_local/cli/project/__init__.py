"""Commands that write a project's files."""
