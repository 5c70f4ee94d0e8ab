"""AWS's scripts for crawlers and connectors: importable, but running one raises NotImplementedError."""
