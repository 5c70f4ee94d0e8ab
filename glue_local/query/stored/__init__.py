"""The data that statements read and change: the Glue catalog, S3 objects, and views in the catalog."""
