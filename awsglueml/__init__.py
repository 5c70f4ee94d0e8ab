"""The names of AWS's machine learning transforms; using one raises NotImplementedError."""
