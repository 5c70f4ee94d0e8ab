"""The private API: how workers and other child processes reach the server's store."""
