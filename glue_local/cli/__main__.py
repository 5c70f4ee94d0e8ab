"""``python -m glue_local.cli``: the command line without an installed script."""

from glue_local.cli import main

main()
