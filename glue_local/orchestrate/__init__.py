"""Fire triggers, and run workflows: which jobs start, when, and after which other jobs."""
