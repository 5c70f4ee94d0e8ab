"""Firehose's work: records from Kinesis or direct puts, buffered, into objects on S3."""
