"""AWS's scripts for crawlers and connectors of the service: they import, and fail with their names when they run."""
