"""Claimable work: enqueued, claimed by a worker, kept alive by heartbeats, finished. Independent of AWS services."""

from glue_local.work.claims import Claimed, claim, claimed_by, claimed_for, is_claimed, keep
from glue_local.work.kind import Context, Ending, Kind
from glue_local.work.lost import end_claims_of, expire
from glue_local.work.moves import end, enqueue, move
from glue_local.work.polling import long_poll
from glue_local.work.progress import begun, finish, heartbeat
from glue_local.work.states import States

__all__ = [
    "Claimed",
    "Context",
    "Ending",
    "Kind",
    "States",
    "begun",
    "claim",
    "claimed_by",
    "claimed_for",
    "end",
    "end_claims_of",
    "enqueue",
    "expire",
    "finish",
    "heartbeat",
    "is_claimed",
    "keep",
    "long_poll",
    "move",
]
