"""What the worker reports of a run besides its output: metrics and Spark's event logs."""
