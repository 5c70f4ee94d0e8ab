"""Commands that show what the server holds: jobs, runs, bookmarks, tables and objects."""
