"""The query worker's log."""

from glue_local.children.log import log_of

say = log_of("query")
