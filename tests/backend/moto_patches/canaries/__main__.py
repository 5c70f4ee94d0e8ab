"""Run all canaries with unpatched moto, in a new interpreter; print their results as JSON.

A canary returns True while moto still has the fault that its patch fixes. There is one module for each in
``glue_local/backend/moto_patches``.
"""

import json
import sys
from collections.abc import Callable

from . import (
    cloudformation,
    dispatch,
    events,
    iam,
    kinesis,
    logs,
    s3,
    s3_content,
    s3_requests,
    scheduler,
    sqs,
    ssm,
    stepfunctions,
    stepfunctions_tasks,
)

CANARIES: dict[str, Callable[[], bool]] = {
    **dispatch.CANARIES,
    **iam.CANARIES,
    **kinesis.CANARIES,
    **logs.CANARIES,
    **s3.CANARIES,
    **s3_content.CANARIES,
    **s3_requests.CANARIES,
    **sqs.CANARIES,
    **ssm.CANARIES,
    **stepfunctions.CANARIES,
    **stepfunctions_tasks.CANARIES,
    **cloudformation.CANARIES,
    **events.CANARIES,
    **scheduler.CANARIES,
}


def main() -> None:
    found: dict[str, bool | str] = {}
    for target, canary in CANARIES.items():
        try:
            found[target] = canary()
        except Exception as error:  # noqa: BLE001 - reported by the test
            found[target] = f"{type(error).__name__}: {error}"
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
