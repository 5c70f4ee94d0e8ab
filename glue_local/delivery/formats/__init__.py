"""Record format conversion: Parquet, and Hive's types."""
