"""The kinds of error that a service can return; each service maps them to AWS error codes."""


class Fault(Exception):
    """A request is refused, with a message for the client.

    ``code`` is an AWS error code, where the kind of fault alone does not determine it.
    """

    status = 400

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Malformed(Fault):
    """The request violates a constraint of AWS's model."""


class Invalid(Fault):
    """The request is well formed, but the service cannot accept its values."""


class Missing(Fault):
    """The resource that the request names does not exist."""


class Exists(Fault):
    """The resource that the request creates exists already."""


class Conflict(Fault):
    """The state of the resource does not allow the request."""


class IllegalState(Fault):
    """A run is in a state in which it cannot be stopped or resumed."""


class LimitExceeded(Fault):
    """A quota of AWS, or one that the user set, is exceeded."""


class ConcurrentRunsExceeded(Fault):
    """A job has as many concurrent runs as its definition allows."""


class ConcurrentChange(Fault):
    """The resource has changed since the caller read it."""


class IdempotencyMismatch(Fault):
    """A name or token is reused with different parameters."""


class TooLarge(Fault):
    """The request is larger than AWS accepts."""

    status = 413


class Denied(Fault):
    """The caller may not do this."""

    status = 403


class UnknownOperation(Fault):
    """AWS has no such operation."""


class NotEmulated(Fault):
    """AWS supports this and glue-local does not yet. glue-local never returns a made-up result instead."""

    status = 501


class Unavailable(Fault):
    """A service that the request depends on does not respond at the moment."""

    status = 503
