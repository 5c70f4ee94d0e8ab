"""Prerequisites of the machine, such as Python, Java and Spark's S3 connector: find, check and install them."""


class Unmet(Exception):
    """A prerequisite is missing or wrong; the message names it and the fix in one line."""
