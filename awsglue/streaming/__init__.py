"""Streaming: Kinesis as a source, and batches by window."""
