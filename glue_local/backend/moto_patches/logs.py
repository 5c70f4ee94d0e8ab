"""Patches of moto's CloudWatch Logs: destinations of deliveries."""

from collections.abc import Callable
from typing import Any

from glue_local.backend.moto_patches.patch import Patch, attribute

_SERVICES = ("s3", "logs", "firehose")


def _of_a_known_service(put_delivery_destination: Callable[..., Any]) -> Callable[..., Any]:
    error = attribute("moto.logs.exceptions:ValidationException")

    def put(self: Any, *, delivery_destination_configuration: dict[str, str] | None, **more: Any) -> Any:
        if delivery_destination_configuration is None:
            raise NotImplementedError("PutDeliveryDestination for X-Ray")
        arn = delivery_destination_configuration["destinationResourceArn"].split(":")
        if len(arn) < 6 or arn[2] not in _SERVICES:
            raise error("The destination resource ARN must be that of a bucket, a log group or a delivery stream.")
        return put_delivery_destination(
            self, delivery_destination_configuration=delivery_destination_configuration, **more
        )

    return put


PATCHES = (
    Patch(
        "moto.logs.models:LogsBackend.put_delivery_destination",
        "a destination that is not a bucket, log group or stream breaks the list of destinations",
        _of_a_known_service,
    ),
)
