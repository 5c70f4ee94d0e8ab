"""The Data Catalog and its connections, as scripts and Spark SQL see them."""
