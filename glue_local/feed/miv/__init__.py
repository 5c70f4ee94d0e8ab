"""The feed's published format (MIV XML): read it, write it, and store it in files."""
