"""Workers in containers of the official Glue image: one for each run, on the server's own machine."""
