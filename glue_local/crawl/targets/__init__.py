"""The targets of crawlers other than folders of files: where their tables are, and what these look like."""
