"""The AWS APIs that glue-local implements; an operation is a function of a context and a request."""
