"""The AWS JSON protocol, driven by botocore's models; knows no service."""
