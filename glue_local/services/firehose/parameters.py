"""Firehose's parameters that the operations do not use: accepted and ignored, or refused."""

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
