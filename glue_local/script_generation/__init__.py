"""Python scripts that Glue generates: from a graph of transforms (CreateScript, GetPlan) and from visual jobs."""
