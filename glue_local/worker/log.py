"""The worker's log: lines on standard error."""

from glue_local.children.log import log_of

say = log_of("worker")
