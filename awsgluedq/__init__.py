"""AWS Glue Data Quality for scripts, written from AWS's documentation of DQDL and EvaluateDataQuality."""
