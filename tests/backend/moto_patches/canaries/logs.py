"""Canaries of the patches in ``moto_patches/logs.py``."""

from moto import mock_aws

from .unpatched import client, fails


def a_destination_of_another_service_breaks_the_list() -> bool:
    configuration = {"destinationResourceArn": "arn:aws:sqs:us-east-1:123456789012:q"}
    with mock_aws():
        logs = client("logs")
        try:
            logs.put_delivery_destination(name="d", deliveryDestinationConfiguration=configuration)
            logs.describe_delivery_destinations()
        except AttributeError:
            return True
        return False


CANARIES = {
    "moto.logs.models:LogsBackend.put_delivery_destination": a_destination_of_another_service_breaks_the_list,
    "moto.logs.responses:LogsResponse.start_query": fails(
        "logs", "start_query", logGroupIdentifiers=["g"], startTime=1, endTime=2, queryString="fields @message"
    ),
}
