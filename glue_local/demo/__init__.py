"""The demo as an AWS client: wait for delivery, read the result, find the jams, draw the report."""
