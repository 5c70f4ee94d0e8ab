"""Security configurations through boto3: stored and named, without encrypting anything."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

KEY = "arn:aws:kms:us-east-1:000000000000:key/k"
ENCRYPTION = {
    "S3Encryption": [{"S3EncryptionMode": "SSE-S3"}],
    "CloudWatchEncryption": {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": KEY},
    "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "CSE-KMS", "KmsKeyArn": KEY},
}


def test_configurations_are_created_read_listed_and_deleted(aws: Any) -> None:
    glue = aws("glue")
    created = glue.create_security_configuration(Name="sec", EncryptionConfiguration=ENCRYPTION)
    found = glue.get_security_configuration(Name="sec")["SecurityConfiguration"]
    assert found["EncryptionConfiguration"] == ENCRYPTION
    assert (created["Name"], found["CreatedTimeStamp"]) == ("sec", created["CreatedTimestamp"])
    glue.create_security_configuration(Name="other", EncryptionConfiguration={})
    listed = glue.get_paginator("get_security_configurations").paginate(PaginationConfig={"PageSize": 1})
    assert [one["Name"] for page in listed for one in page["SecurityConfigurations"]] == ["other", "sec"]
    with pytest.raises(ClientError) as twice:
        glue.create_security_configuration(Name="sec", EncryptionConfiguration=ENCRYPTION)
    assert twice.value.response["Error"]["Code"] == "AlreadyExistsException"
    glue.delete_security_configuration(Name="sec")
    for call in (glue.get_security_configuration, glue.delete_security_configuration):
        with pytest.raises(ClientError, match="Security configuration sec not found") as absent:
            call(Name="sec")
        assert absent.value.response["Error"]["Code"] == "EntityNotFoundException"


def test_a_mode_with_a_key_needs_the_key(aws: Any) -> None:
    encryption = {"S3Encryption": [{"S3EncryptionMode": "SSE-KMS"}]}
    with pytest.raises(ClientError, match="KmsKeyArn of S3Encryption must be set") as refusal:
        aws("glue").create_security_configuration(Name="keyless", EncryptionConfiguration=encryption)
    assert refusal.value.response["Error"]["Code"] == "InvalidInputException"


def test_a_job_and_its_runs_name_their_configuration(aws: Any) -> None:
    glue, command = aws("glue"), {"Name": "glueetl", "ScriptLocation": "s3://b/a.py"}
    glue.create_job(Name="secured", Role="arn:aws:iam::0:role/r", Command=command, SecurityConfiguration="sec")
    assert glue.get_job(JobName="secured")["Job"]["SecurityConfiguration"] == "sec"
    run_id = glue.start_job_run(JobName="secured")["JobRunId"]
    assert glue.get_job_run(JobName="secured", RunId=run_id)["JobRun"]["SecurityConfiguration"] == "sec"
