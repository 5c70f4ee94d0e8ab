"""Tags of glue-local's and moto's resources through the Resource Groups Tagging API."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from botocore.exceptions import ClientError

TEAM = {"Key": "team", "Value": "roads"}


class Tagged:
    """The test's own account with a job, a delivery stream and a bucket in moto, all tagged ``team``."""

    def __init__(self, aws: Callable[..., Any], name: str) -> None:
        self.account = f"{crc32(name.encode()):012d}"
        self.glue, self.api = aws("glue", self.account), aws("resourcegroupstaggingapi", self.account)
        self.bucket = f"tagged-{self.account}"
        command = {"Name": "glueetl", "ScriptLocation": "s3://b/s.py"}
        self.glue.create_job(Name="j", Role="r", Command=command, Tags={"team": "roads", "stage": "test"})
        self.glue.create_database(DatabaseInput={"Name": "db"}, Tags={"team": "rail"})
        s3 = {"RoleARN": f"arn:aws:iam::{self.account}:role/r", "BucketARN": "arn:aws:s3:::b"}
        firehose = aws("firehose", self.account)
        firehose.create_delivery_stream(DeliveryStreamName="d", ExtendedS3DestinationConfiguration=s3, Tags=[TEAM])
        client = aws("s3", self.account)
        client.create_bucket(Bucket=self.bucket)
        client.put_bucket_tagging(Bucket=self.bucket, Tagging={"TagSet": [TEAM]})

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:us-east-1:{self.account}:{resource}"

    def found(self, **request: Any) -> dict[str, dict[str, str]]:
        pages = self.api.get_paginator("get_resources").paginate(PaginationConfig={"PageSize": 1}, **request)
        return {
            each["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in each["Tags"]}
            for page in pages
            for each in page["ResourceTagMappingList"]
        }


@pytest.fixture
def tagged(aws: Callable[..., Any], request: pytest.FixtureRequest) -> Tagged:
    return Tagged(aws, request.node.name)


def test_resources_of_all_services_are_returned_with_their_tags(tagged: Tagged) -> None:
    assert tagged.found() == {
        tagged.arn("glue", "job/j"): {"team": "roads", "stage": "test"},
        tagged.arn("glue", "database/db"): {"team": "rail"},
        tagged.arn("firehose", "deliverystream/d"): {"team": "roads"},
        f"arn:aws:s3:::{tagged.bucket}": {"team": "roads"},
    }


def test_filters_select_by_tag_type_and_arn(tagged: Tagged) -> None:
    roads = [{"Key": "team", "Values": ["roads"]}]
    job, database, stream = (
        tagged.arn("glue", "job/j"),
        tagged.arn("glue", "database/db"),
        tagged.arn("firehose", "deliverystream/d"),
    )
    assert set(tagged.found(TagFilters=roads)) == {job, stream, f"arn:aws:s3:::{tagged.bucket}"}
    assert set(tagged.found(TagFilters=[*roads, {"Key": "stage"}])) == {job}
    assert set(tagged.found(ResourceTypeFilters=["glue"])) == {job, database}
    assert set(tagged.found(ResourceTypeFilters=["glue:job", "firehose:deliverystream"])) == {job, stream}
    assert set(tagged.found(ResourceARNList=[database])) == {database}


def test_names_and_values_of_tags_are_listed(tagged: Tagged) -> None:
    assert tagged.api.get_tag_keys()["TagKeys"] == ["stage", "team"]
    assert tagged.api.get_tag_values(Key="team")["TagValues"] == ["rail", "roads"]


def test_resources_of_glue_local_and_moto_can_be_tagged(tagged: Tagged, aws: Callable[..., Any]) -> None:
    bucket, stream = f"arn:aws:s3:::{tagged.bucket}", tagged.arn("firehose", "deliverystream/d")
    gone = tagged.arn("glue", "job/none")
    failed = tagged.api.tag_resources(ResourceARNList=[bucket, stream, gone], Tags={"cost": "7"})["FailedResourcesMap"]
    assert (list(failed), failed[gone]["ErrorCode"]) == ([gone], "InvalidParameterException")
    assert tagged.found(TagFilters=[{"Key": "cost", "Values": ["7"]}]).keys() == {bucket, stream}
    firehose = aws("firehose", tagged.account)
    assert {"Key": "cost", "Value": "7"} in firehose.list_tags_for_delivery_stream(DeliveryStreamName="d")["Tags"]
    assert tagged.api.untag_resources(ResourceARNList=[bucket, stream], TagKeys=["cost"])["FailedResourcesMap"] == {}
    assert tagged.found(TagFilters=[{"Key": "cost"}]) == {}


def test_an_untagged_resource_is_returned_and_a_deleted_one_is_not(tagged: Tagged) -> None:
    job = tagged.arn("glue", "job/j")
    tagged.glue.untag_resource(ResourceArn=job, TagsToRemove=["team", "stage"])
    assert tagged.found(ResourceTypeFilters=["glue:job"]) == {job: {}}
    tagged.glue.delete_job(JobName="j")
    assert tagged.found(ResourceTypeFilters=["glue:job"]) == {}


def test_invalid_requests_are_refused(tagged: Tagged) -> None:
    wrong: list[dict[str, Any]] = [
        {"ResourcesPerPage": 0},
        {"PaginationToken": "none"},
        {"ResourceARNList": [tagged.arn("glue", "job/j")], "ResourceTypeFilters": ["glue"]},
    ]
    for request in wrong:
        with pytest.raises(ClientError, match="InvalidParameterException"):
            tagged.api.get_resources(**request)
