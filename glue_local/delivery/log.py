"""The log of the delivery process."""

from glue_local.children.log import log_of

say = log_of("delivery")
