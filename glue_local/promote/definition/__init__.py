"""Read and check glue-local.yaml and the files it refers to, and adapt them to a stage."""
