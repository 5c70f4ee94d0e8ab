"""Create and update the resources defined in glue-local.yaml in an account, through the AWS APIs."""
