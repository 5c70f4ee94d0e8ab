"""Converting claims in state files of older versions, which named the job but not the kind of work."""

from glue_local.runs.job_run import JOB_RUN
from glue_local.store import Store, kinds


def rewrite_claims(store: Store) -> None:
    """Add the members that claims have now to every claim of an older version."""
    with store.transaction():
        for account, region, (run_id,), held in store.in_state(kinds.CLAIM, "held"):
            if "kind" not in held:
                now = {
                    **held,
                    "kind": JOB_RUN.document,
                    "key": [held["job"], run_id],
                    "token": held.get("run_token", held["claim"]),
                }
                store.scope(account, region).write(kinds.CLAIM, run_id, doc=now, state="held")
