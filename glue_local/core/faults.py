"""The kinds of refusal a service can give; each service names the AWS error code of each kind."""


class Fault(Exception):
    """A request that is refused, with the message the client reads.

    ``code`` names an AWS error code where the kind alone does not decide it.
    """

    status = 400

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Malformed(Fault):
    """The request breaks the constraints of AWS's own model."""


class Invalid(Fault):
    """The request is well formed but means nothing the service can do."""


class Missing(Fault):
    """What the request names does not exist."""


class Exists(Fault):
    """What the request creates is there already."""


class Conflict(Fault):
    """The state of the named thing does not allow the request."""


class LimitExceeded(Fault):
    """A quota of AWS, or one the user set, is used up."""


class ConcurrentRunsExceeded(Fault):
    """A job is asked for more runs at once than its definition allows."""


class ConcurrentChange(Fault):
    """The named thing changed between the caller's read and this request."""


class IdempotencyMismatch(Fault):
    """A name or token is used again with other parameters."""


class Denied(Fault):
    """The caller may not do this."""

    status = 403


class UnknownOperation(Fault):
    """AWS has no such operation."""


class NotEmulated(Fault):
    """AWS can do this and glue-local cannot yet; never answered with a pretence."""

    status = 501


class Unavailable(Fault):
    """Something that the request needs does not answer at the moment."""

    status = 503
