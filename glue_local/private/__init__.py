"""The server's side of the small private API through which workers in other processes reach the store."""
