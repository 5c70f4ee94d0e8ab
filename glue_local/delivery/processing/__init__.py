"""The processing of records between source and buffers."""
