"""Crawls: read samples of objects in S3, group them into tables and partitions, and write these to the Data Catalog."""
