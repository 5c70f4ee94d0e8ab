"""Delivery streams: from a Kinesis stream or direct puts to S3."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import ConcurrentChange, Exists, Invalid, NotEmulated
from glue_local.services.context import Context
from glue_local.services.firehose.extra import check_extra
from glue_local.services.firehose.lookup import encryption_of, find_stream
from glue_local.services.firehose.prefixes import check_prefixes
from glue_local.services.firehose.processors import PARTITIONING, check_processing, check_update, is_partitioned
from glue_local.services.tagged_resources import add_tags, check_tag_names
from glue_local.store import Document, kinds

_PAGE = 10
_LEAST_CONVERTED = 64  # MiB
_SOURCES = ("DirectPut", "KinesisStreamAsSource")
_DESTINATIONS = ("ExtendedS3DestinationConfiguration", "S3DestinationConfiguration")
_SNAPPY = ("Snappy", "HADOOP_SNAPPY")
_HINTS = ("SizeInMBs", "IntervalInSeconds")
_OF_PLAIN_S3 = (
    *("RoleARN", "BucketARN", "Prefix", "ErrorOutputPrefix", "BufferingHints", "CompressionFormat"),
    *("EncryptionConfiguration", "CloudWatchLoggingOptions"),
)
_CONVERSION = "DataFormatConversionConfiguration"
# Members that would change the delivered objects.
_NOT_EMULATED = ("S3BackupConfiguration", "S3BackupUpdate")
# Members that would change the records, and the value that has no effect.
_OF_DESERIALIZERS = {
    "ColumnToJsonKeyMappings": {},
    "ConvertDotsInJsonKeysToUnderscores": False,
    "CaseInsensitive": True,
    "TimestampFormats": [],
}


def create_delivery_stream(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateDeliveryStream: the stream is active immediately. Returns {DeliveryStreamARN}.

    Errors: ResourceInUseException, InvalidArgumentException. Only S3 destinations are emulated.
    """
    name, kind = request["DeliveryStreamName"], request.get("DeliveryStreamType", "DirectPut")
    if kind not in _SOURCES:
        raise NotEmulated(f"DeliveryStreamType {kind} is not emulated: use {' or '.join(_SOURCES)}.")
    source = request.get("KinesisStreamSourceConfiguration")
    if (kind == "KinesisStreamAsSource") != (source is not None):
        raise Invalid(
            "KinesisStreamSourceConfiguration is required with DeliveryStreamType KinesisStreamAsSource and invalid otherwise."
        )
    stream = {
        "DeliveryStreamName": name,
        "DeliveryStreamARN": arns.delivery_stream(ctx.region, ctx.account, name),
        "DeliveryStreamStatus": "ACTIVE",
        "DeliveryStreamType": kind,
        "VersionId": "1",
        "CreateTimestamp": ctx.now,
        "Destinations": [{"DestinationId": "destinationId-000000000001", **_destination(request)}],
        "HasMoreDestinations": False,
    }
    if source:
        stream["Source"] = {"KinesisStreamSourceDescription": {**source, "DeliveryStartTimestamp": ctx.now}}
    encryption = request.get("DeliveryStreamEncryptionConfigurationInput")
    if encryption:
        stream["DeliveryStreamEncryptionConfiguration"] = encryption_of(encryption)
    tags = {tag["Key"]: tag.get("Value", "") for tag in request.get("Tags", [])}
    check_tag_names(tags)
    with ctx.documents.transaction():
        if not ctx.documents.insert(kinds.DELIVERY_STREAM, name, doc=stream):
            raise Exists(f"Firehose {name} under account {ctx.account} already exists")
        if tags:
            add_tags(ctx, stream["DeliveryStreamARN"], tags)
    return {"DeliveryStreamARN": stream["DeliveryStreamARN"]}


def describe_delivery_stream(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DescribeDeliveryStream: return {DeliveryStreamDescription}. Errors: ResourceNotFoundException."""
    stream = find_stream(ctx, request["DeliveryStreamName"])
    return {"DeliveryStreamDescription": {**stream, "Destinations": [_both_ways(d) for d in stream["Destinations"]]}}


def list_delivery_streams(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListDeliveryStreams: return {DeliveryStreamNames, HasMoreDeliveryStreams} after the given start name."""
    kind, start = request.get("DeliveryStreamType"), request.get("ExclusiveStartDeliveryStreamName", "")
    names = [
        name
        for (name,), stream in ctx.documents.scan(kinds.DELIVERY_STREAM)
        if name > start and kind in (None, stream["DeliveryStreamType"])
    ]
    limit = request.get("Limit", _PAGE)
    return {"DeliveryStreamNames": names[:limit], "HasMoreDeliveryStreams": len(names) > limit}


def delete_delivery_stream(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteDeliveryStream: delete it and its buffered records immediately, as AWS does. Errors: ResourceNotFoundException."""
    name = request["DeliveryStreamName"]
    with ctx.documents.transaction():
        find_stream(ctx, name)
        ctx.documents.remove(kinds.DELIVERY_STREAM, name)
        ctx.documents.remove(kinds.TAGS, arns.delivery_stream(ctx.region, ctx.account, name))
        ctx.documents.remove(kinds.CHECKPOINT, name)
        ctx.documents.remove_under(kinds.PUT_RECORD, name)
    return {}


def update_destination(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateDestination: change the given members and keep the others. Errors: ConcurrentModificationException.

    https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html
    """
    update = request.get("ExtendedS3DestinationUpdate") or request.get("S3DestinationUpdate")
    if update is None:
        raise NotEmulated("glue-local only emulates the S3 destination of a delivery stream")
    with ctx.documents.transaction():
        stream = find_stream(ctx, request["DeliveryStreamName"])
        if request["CurrentDeliveryStreamVersionId"] != stream["VersionId"]:
            raise ConcurrentChange(f"The current version is {stream['VersionId']}")
        old = stream["Destinations"][0]
        if request["DestinationId"] != old["DestinationId"]:
            raise Invalid(f"Destination {request['DestinationId']} is not one of {request['DeliveryStreamName']}.")
        before = old["ExtendedS3DestinationDescription"]
        description = _checked(_merged(before, update))
        check_update(before, description)
        stream["Destinations"] = [
            {"DestinationId": old["DestinationId"], "ExtendedS3DestinationDescription": description}
        ]
        stream |= {"VersionId": str(int(stream["VersionId"]) + 1), "LastUpdateTimestamp": ctx.now}
        ctx.documents.write(kinds.DELIVERY_STREAM, stream["DeliveryStreamName"], doc=stream)
    return {}


def _merged(old: Document, update: dict[str, Any]) -> Document:
    merged = {**old, **update}
    if _CONVERSION in old and _CONVERSION in update:
        # Enabled false alone turns a conversion off and keeps its details, according to its API page.
        merged[_CONVERSION] = {**old[_CONVERSION], **update[_CONVERSION]}
    return merged


def _both_ways(destination: Document) -> Document:
    """Return a destination as AWS describes it: plain S3 members are repeated under the older name."""
    extended = destination["ExtendedS3DestinationDescription"]
    plain = {member: extended[member] for member in _OF_PLAIN_S3 if member in extended}
    return {**destination, "S3DestinationDescription": plain}


def _destination(request: dict[str, Any]) -> Document:
    others = [
        member for member in request if member.endswith("DestinationConfiguration") and member not in _DESTINATIONS
    ]
    if others:
        raise NotEmulated(f"{others[0]} is not emulated: use ExtendedS3DestinationConfiguration.")
    given = [request[member] for member in _DESTINATIONS if member in request]
    if len(given) != 1:
        raise Invalid("Exactly one destination configuration is required, such as ExtendedS3DestinationConfiguration.")
    return {"ExtendedS3DestinationDescription": _checked(given[0])}


def _checked(given: dict[str, Any]) -> Document:
    for member in _NOT_EMULATED:
        if given.get(member, {}).get("Enabled", member in given and "Enabled" not in given[member]):
            raise NotEmulated(f"{member} is not emulated: leave it out. It would change the delivered objects.")
    compression = given.get("CompressionFormat", "UNCOMPRESSED")
    if compression in _SNAPPY:
        check_extra("firehose", f"CompressionFormat {compression}")
    if given.get("S3BackupMode", "Disabled") != "Disabled":
        raise NotEmulated(
            "S3BackupMode Enabled is not emulated: only the converted or processed records are delivered."
        )
    _check_conversion(given)
    check_prefixes(given)
    if len(given.get("BufferingHints", _HINTS)) != len(_HINTS):
        raise Invalid("BufferingHints needs both SizeInMBs and IntervalInSeconds, or neither.")
    check_processing(given)
    large = is_partitioned(given) or (_CONVERSION in given and given[_CONVERSION].get("Enabled", True))
    if is_partitioned(given):
        given = {**given, PARTITIONING: {"RetryOptions": {"DurationInSeconds": 300}, **given[PARTITIONING]}}
    size = 128 if large else 5
    return {
        "BufferingHints": {"SizeInMBs": size, "IntervalInSeconds": 300},
        "CompressionFormat": "UNCOMPRESSED",
        "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"},
        "S3BackupMode": "Disabled",
        **given,
    }


def _check_conversion(given: dict[str, Any]) -> None:
    conversion = given.get(_CONVERSION)
    if not conversion or not conversion.get("Enabled", True):
        return
    check_extra("parquet", "Record format conversion")
    schema = conversion.get("SchemaConfiguration", {})
    if not schema.get("DatabaseName") or not schema.get("TableName"):
        raise Invalid("SchemaConfiguration needs DatabaseName and TableName.")
    serializer = conversion.get("OutputFormatConfiguration", {}).get("Serializer", {})
    if "ParquetSerDe" not in serializer:
        raise NotEmulated("Record format conversion to ORC is not emulated: use ParquetSerDe.")
    if schema.get("VersionId", "LATEST") != "LATEST":
        raise NotEmulated(
            "SchemaConfiguration.VersionId is not emulated: leave it out to use the table's latest version."
        )
    for name, options in conversion.get("InputFormatConfiguration", {}).get("Deserializer", {}).items():
        for member in (each for each, harmless in _OF_DESERIALIZERS.items() if options.get(each, harmless) != harmless):
            raise NotEmulated(f"{name}.{member} is not emulated: leave it out. It would change the records.")
    if given.get("FileExtension"):
        raise NotEmulated(
            "FileExtension is not emulated with record format conversion: leave it out. Objects end in .parquet."
        )
    if given.get("CompressionFormat", "UNCOMPRESSED") != "UNCOMPRESSED":
        raise Invalid("CompressionFormat must be UNCOMPRESSED when data format conversion is enabled.")
    if given.get("BufferingHints", {}).get("SizeInMBs", _LEAST_CONVERTED) < _LEAST_CONVERTED:
        raise Invalid("BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.")
