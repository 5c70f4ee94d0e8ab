"""Firehose's parameters that no operation here uses, as data: harmless, or refused."""

_ELSEWHERE = "glue-local delivers to S3"
_SOURCE = "glue-local delivers from Kinesis and from direct puts"
_DESTINATIONS = [
    "Redshift",
    "Elasticsearch",
    "Amazonopensearchservice",
    "Splunk",
    "HttpEndpoint",
    "AmazonOpenSearchServerless",
    "Snowflake",
    "Iceberg",
]

ACCEPTED = {
    "CreateDeliveryStream": {
        "DirectPutSourceConfiguration": "a throughput hint",
        "DeliveryStreamEncryptionConfigurationInput": "nothing leaves this machine",
        "Tags": "no operation here reads them yet",
    },
    "DeleteDeliveryStream": {"AllowForceDelete": "there are no grants to retire"},
    "DescribeDeliveryStream": {"ExclusiveStartDestinationId": "a stream has one destination"},
}

NOT_EMULATED = {
    "CreateDeliveryStream": {
        **{f"{name}DestinationConfiguration": _ELSEWHERE for name in _DESTINATIONS},
        "MSKSourceConfiguration": _SOURCE,
        "DatabaseSourceConfiguration": _SOURCE,
    },
    "UpdateDestination": {f"{name}DestinationUpdate": _ELSEWHERE for name in _DESTINATIONS},
}
