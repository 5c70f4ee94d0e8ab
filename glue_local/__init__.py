"""glue_local plays AWS: an endpoint on which Glue jobs really run."""
