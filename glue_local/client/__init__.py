"""AWS clients, and the job runs and executions that commands follow through them."""
