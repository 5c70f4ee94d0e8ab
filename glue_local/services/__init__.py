"""The AWS APIs that are ours; an operation is a function of a context and a request."""
