"""AWS Glue Data Quality for scripts: written from the documentation of DQDL and EvaluateDataQuality."""
