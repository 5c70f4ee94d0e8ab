"""Firehose delivery streams: the destination can be updated, the source cannot."""

from typing import Any

from glue_local.promote.kinds.kind import Account, Failed, Found, Kind, Request, Tagging, found, members, wait_for
from glue_local.promote.kinds.tags import as_list, as_map, tags_as_list

_DESTINATION = "ExtendedS3DestinationConfiguration"
# The defaults that Firehose returns for a Lambda processor.
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html
_OF_A_FUNCTION = {("NumberOfRetries", "3"), ("BufferSizeInMBs", "1"), ("BufferIntervalInSeconds", "60")}


def _describe(account: Account, name: str) -> Any:
    firehose = account.clients("firehose")
    return firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]


def _read(account: Account, request: Request) -> Found | None:
    name = request["DeliveryStreamName"]
    there = found(lambda: _describe(account, name), "ResourceNotFoundException")
    if there is None:
        return None
    destination = there["Destinations"][0].get("ExtendedS3DestinationDescription", {})
    source = there.get("Source", {}).get("KinesisStreamSourceDescription")
    if "S3BackupDescription" in destination:
        destination = {**destination, "S3BackupConfiguration": destination["S3BackupDescription"]}
    described = {
        "DeliveryStreamType": there["DeliveryStreamType"],
        _DESTINATION: members(destination, KIND.shape.members[_DESTINATION]),
        **({"KinesisStreamSourceConfiguration": source} if source else {}),
    }
    return Found(members(described, KIND.shape))


def _without_defaults(request: Request) -> Request:
    """Sort the parameters of a request's processors and remove Firehose's defaults for Lambda processors."""
    destination = request.get(_DESTINATION) or {}
    processing = destination.get("ProcessingConfiguration") or {}
    if "Processors" not in processing:
        return dict(request)
    added = {*_OF_A_FUNCTION, ("RoleArn", destination.get("RoleARN"))}
    processors = [
        {**each, "Parameters": _parameters(each, added if each.get("Type") == "Lambda" else set())}
        for each in processing["Processors"]
    ]
    return {
        **request,
        _DESTINATION: {**destination, "ProcessingConfiguration": {**processing, "Processors": processors}},
    }


def _parameters(processor: Request, added: set[tuple[str, Any]]) -> list[Request]:
    pairs = [(each["ParameterName"], each["ParameterValue"]) for each in processor.get("Parameters", [])]
    return [
        {"ParameterName": name, "ParameterValue": value} for name, value in sorted(pairs) if (name, value) not in added
    ]


def _tags(account: Account, request: Request) -> dict[str, str]:
    firehose, name = account.clients("firehose"), request["DeliveryStreamName"]
    return as_map(firehose.list_tags_for_delivery_stream(DeliveryStreamName=name)["Tags"])


def _create(account: Account, request: Request) -> None:
    account.clients("firehose").create_delivery_stream(**request)
    _await(account, request["DeliveryStreamName"])


def _await(account: Account, name: str) -> None:
    wait_for(account, lambda: _is_active(account, name), f"delivery stream {name} did not become active")


def _is_active(account: Account, name: str) -> bool:
    described = _describe(account, name)
    status = described["DeliveryStreamStatus"]
    if status.endswith("_FAILED"):
        why = described.get("FailureDescription", {"Type": "no reason", "Details": "AWS gave none"})
        raise Failed(
            f"delivery stream {name} is {status}: {why['Type']}: {why['Details']}; delete it and run the command again"
        )
    return bool(status == "ACTIVE")


def _update(account: Account, request: Request, there: Found) -> None:
    _await(account, request["DeliveryStreamName"])
    described = _describe(account, request["DeliveryStreamName"])
    # UpdateDestination has another name for the backup.
    wanted = dict(request.get(_DESTINATION, {}))
    if "S3BackupConfiguration" in wanted:
        wanted["S3BackupUpdate"] = wanted.pop("S3BackupConfiguration")
    account.clients("firehose").update_destination(
        DeliveryStreamName=request["DeliveryStreamName"],
        CurrentDeliveryStreamVersionId=described["VersionId"],
        DestinationId=described["Destinations"][0]["DestinationId"],
        ExtendedS3DestinationUpdate=wanted,
    )


def _delete(account: Account, request: Request) -> None:
    account.clients("firehose").delete_delivery_stream(DeliveryStreamName=request["DeliveryStreamName"])


def _tag(account: Account, request: Request, tags: dict[str, str]) -> None:
    name = request["DeliveryStreamName"]
    account.clients("firehose").tag_delivery_stream(DeliveryStreamName=name, Tags=as_list(tags))


KIND = Kind(
    service="firehose",
    operation="CreateDeliveryStream",
    name=("DeliveryStreamName",),
    read=_read,
    create=_create,
    update=_update,
    delete=_delete,
    tagging=Tagging(tags_as_list, _tags, _tag),
    promoted=(
        *("DeliveryStreamName", "DeliveryStreamType", "KinesisStreamSourceConfiguration", _DESTINATION),
        "Tags",
    ),
    identity=("DeliveryStreamName",),
    kept=(_DESTINATION,),
    immutable=("DeliveryStreamType", "KinesisStreamSourceConfiguration"),
    canonical=_without_defaults,
)
