"""The parts of GlueContext: reading, writing and purging."""
