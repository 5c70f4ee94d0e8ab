"""The awsglue that a run imports: the image's or glue-local's."""
