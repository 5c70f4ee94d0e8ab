"""Commands that show what runs, crawls and executions have left: output, costs, Spark's event logs."""
