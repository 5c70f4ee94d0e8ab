"""Canaries of the patches in ``moto_patches/sqs.py``."""

from moto import mock_aws

from .unpatched import client


def any_attribute_of_a_queue_is_set() -> bool:
    with mock_aws():
        sqs = client("sqs")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        try:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"Region": "nowhere"})
        except sqs.exceptions.ClientError:
            return False
        return True


CANARIES = {"moto.sqs.models:Queue._set_attributes": any_attribute_of_a_queue_is_set}
