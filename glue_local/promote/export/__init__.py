"""Export a stage's resources as templates for other tools."""
