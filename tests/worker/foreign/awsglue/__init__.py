"""An ``awsglue`` that is not ours: the documented calls on plain Spark, no job bookmarks. A stand-in for AWS's image."""
