"""Patches of moto's CloudWatch Logs: destinations of deliveries, queries of log groups by identifier."""

import json
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


def _of_identifiers(start_query: Callable[..., str]) -> Callable[..., str]:
    error = attribute("moto.logs.exceptions:InvalidParameterException")

    def start(self: Any) -> str:
        identifiers = self._get_param("logGroupIdentifiers")
        if not identifiers:
            if not self._get_param("logGroupName") and not self._get_param("logGroupNames"):
                raise error("The query names no log group.")
            return start_query(self)
        # Names, or ARNs: arn:aws:logs:REGION:ACCOUNT:log-group:NAME
        names = [each.split(":")[6] if each.count(":") > 5 else each for each in identifiers]
        times = (self._get_int_param(name) for name in ("startTime", "endTime"))
        return json.dumps({"queryId": self.logs_backend.start_query(names, *times, self._get_param("queryString"))})

    return start


PATCHES = (
    Patch(
        "moto.logs.models:LogsBackend.put_delivery_destination",
        "a destination that is not a bucket, log group or stream breaks the list of destinations",
        _of_a_known_service,
    ),
    Patch(
        "moto.logs.responses:LogsResponse.start_query",
        "log groups that a query names by identifier are not read, and the request fails",
        _of_identifiers,
    ),
)
