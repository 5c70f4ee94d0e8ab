"""The AWS JSON protocol, driven by botocore's models; independent of any service."""
