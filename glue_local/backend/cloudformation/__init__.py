"""CloudFormation resources of glue-local's services, created through their APIs with a boto3 client."""
