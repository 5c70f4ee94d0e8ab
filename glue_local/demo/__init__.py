"""The demo, an AWS client: it reads the result, finds the jams and renders the report."""
