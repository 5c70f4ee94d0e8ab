"""Why a crawl does not complete."""


class CrawlFailed(Exception):
    """The crawl fails; the message is for the client."""


class CrawlStopped(Exception):
    """A client has stopped the crawl."""


class Closing(Exception):
    """The server is being closed; the next one ends the crawl."""
