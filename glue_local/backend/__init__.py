"""S3, Kinesis, Step Functions and the rest of AWS: here moto in our own process."""
