"""``python -m glue_local.cli``: the command line, without the installed script."""

from glue_local.cli import main

main()
