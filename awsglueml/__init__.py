"""What scripts import of AWS's machine learning transforms; using one fails with its name."""
