"""Sources: one module for each kind of connection or file format."""
