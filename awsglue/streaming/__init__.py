"""Streams: Kinesis as a source, and batches of them by windows."""
