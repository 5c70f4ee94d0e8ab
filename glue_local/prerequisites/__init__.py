"""What the machine has to have: a Python, a Java and Spark's S3 connector; found, judged and installed."""


class Unmet(Exception):
    """A prerequisite is missing or wrong; the message says which and how to mend it, in one line."""
