"""What several commands share: options, error messages and output."""
