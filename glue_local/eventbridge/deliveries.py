"""Deliveries: inputs that are due at targets, stored until their targets have accepted them."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from glue_local.eventbridge.bus import Clients
from glue_local.eventbridge.targets import Invocation
from glue_local.outbox import in_order
from glue_local.store import Document, Documents, kinds
from glue_local.store.timers import Timer, clear_timer, due, set_timer
from glue_local.work import Context

_FIRST_RETRY, _LONGEST_RETRY = 1.0, 300.0  # seconds; AWS documents an exponential backoff, but not its times
_RETRIES, _OLDEST = 185, 86_400
_SERVER_ERROR, _NOT_EMULATED = 500, 501
_RETRIED = frozenset(
    ("ThrottlingException", "ProvisionedThroughputExceededException", "ConcurrentRunsExceededException")
)


class _TooOldError(Exception):
    """A delivery is older than its target's policy allows, such as after a time without a server."""


def store_delivery(ctx: Context, documents: Documents, source: str, target: Document, at: float, **more: Any) -> None:
    """Store a delivery that is due at ``at``. ``source`` is the ARN of the rule or schedule.

    ``more`` has the event or, for a schedule, the ``input``.
    """
    note = {"source": source, "target": target, "attempt": 0, "first": at, **more}
    key = (*in_order(documents, kinds.DELIVERY, ctx.now), ctx.ids.uuid())
    set_timer(documents, *key, at=at, note=note, kind=kinds.DELIVERY)


def drop_first_attempts(documents: Documents, source: str) -> None:
    """Drop the deliveries of a rule or schedule, by its ARN, that have not been tried yet."""
    for key, note in documents.scan(kinds.DELIVERY):
        if note["source"] == source and not note["attempt"]:
            clear_timer(documents, *key, kind=kinds.DELIVERY)


def deliver_due(ctx: Context, clients: Clients, invoke: Callable[[Context, Clients, Timer], None]) -> Iterator[Timer]:
    """Deliver what is due, in the order of time, and yield each delivery that has ended.

    What fails for a passing reason is tried again later. A delivery is removed after its target has accepted it, so a killed server delivers it again: at least once, as AWS.
    """
    for timer in due(ctx.store, ctx.now, kinds.DELIVERY):
        documents = ctx.store.scope(timer.account, timer.region)
        try:
            _check_age(ctx, timer)
            invoke(ctx, clients, timer)
        except Exception as error:  # noqa: BLE001 - one delivery must not keep the others from their targets
            if _is_over(ctx, clients, documents, timer, error):
                yield timer
        else:
            clear_timer(documents, *timer.key, kind=kinds.DELIVERY)
            yield timer


def _is_over(ctx: Context, clients: Clients, documents: Documents, timer: Timer, error: Exception) -> bool:
    """Return whether a failed delivery is given up; so is one whose failure cannot be processed, which is due first."""
    try:
        return _failed(ctx, clients, documents, timer, error)
    except Exception as failure:  # noqa: BLE001 - see above
        sys.stderr.write(f"glue-local events: a delivery of {timer.note.get('source')} is dropped: {failure!r}\n")
        clear_timer(documents, *timer.key, kind=kinds.DELIVERY)
        return True


def _failed(ctx: Context, clients: Clients, documents: Documents, timer: Timer, error: Exception) -> bool:
    """Plan the next attempt, or give up; return whether it gave up."""
    note, attempt = timer.note, timer.note["attempt"] + 1
    policy = note["target"].get("RetryPolicy", {})
    again = ctx.now + min(_FIRST_RETRY * 2 ** (attempt - 1), _LONGEST_RETRY)
    is_last = attempt > policy.get("MaximumRetryAttempts", _RETRIES)
    is_old = again - note["first"] > _oldest(timer)
    if _may_pass(error) and not is_last and not is_old:
        set_timer(documents, *timer.key, at=again, note={**note, "attempt": attempt}, kind=kinds.DELIVERY)
        return False
    sys.stderr.write(f"glue-local events: {note['source']} cannot deliver to {note['target']['Arn']}: {error}\n")
    _to_dead_letters(clients, timer, error)
    clear_timer(documents, *timer.key, kind=kinds.DELIVERY)
    return True


def _check_age(ctx: Context, timer: Timer) -> None:
    if ctx.now - timer.note["first"] > _oldest(timer):
        raise _TooOldError(f"it is older than {_oldest(timer):.0f} s")


def _oldest(timer: Timer) -> float:
    """Return the maximum age of a delivery in seconds."""
    return float(timer.note["target"].get("RetryPolicy", {}).get("MaximumEventAgeInSeconds", _OLDEST))


def _may_pass(error: Exception) -> bool:
    if isinstance(error, ClientError):
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        # 501: glue-local does not emulate it, which does not change.
        return error.response["Error"]["Code"] in _RETRIED or (status >= _SERVER_ERROR and status != _NOT_EMULATED)
    return isinstance(error, BotoCoreError) and not isinstance(error, ParamValidationError)


def _to_dead_letters(clients: Clients, timer: Timer, error: Exception) -> None:
    """Send the input to the target's dead-letter queue, with AWS's attributes.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    queue = timer.note["target"].get("DeadLetterConfig", {}).get("Arn")
    if not queue:
        return
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    told = {"RULE_ARN": timer.note["source"], "TARGET_ARN": timer.note["target"]["Arn"], "ERROR_CODE": code}
    told |= {"ERROR_MESSAGE": str(error), "RETRY_ATTEMPTS": str(timer.note["attempt"])}
    body = timer.note["input"] if "input" in timer.note else json.dumps(timer.note["event"])
    _, _, _, region, account, name = queue.split(":", 5)
    sqs = clients("sqs", account, region)
    try:
        sqs.send_message(
            QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"],
            MessageBody=body,
            MessageAttributes={key: {"DataType": "String", "StringValue": text} for key, text in told.items()},
        )
    except (BotoCoreError, ClientError) as failure:
        sys.stderr.write(f"glue-local events: the dead-letter queue {queue} did not accept an event: {failure}\n")


def invocation(ctx: Context, clients: Clients, timer: Timer, text: str) -> Invocation:
    """Return the invocation of a delivery with its input."""
    return Invocation(ctx, clients, timer.note["target"], text, timer.note.get("event", {}), timer.key[-1])
