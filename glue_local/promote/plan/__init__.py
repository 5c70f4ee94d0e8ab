"""Compare an account with its desired state and plan the changes."""
