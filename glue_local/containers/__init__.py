"""Workers in containers of the official Glue image, one container per run, on the server's machine."""
