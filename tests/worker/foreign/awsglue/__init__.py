"""Another ``awsglue``, a stand-in for the one in AWS's image: the documented calls on plain Spark, without job bookmarks."""
