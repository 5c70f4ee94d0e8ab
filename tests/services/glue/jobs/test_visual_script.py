"""Visual jobs through boto3: CodeGenConfigurationNodes become the script at ScriptLocation.

AWS's page: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-visual-job-api.html
"""

from typing import Any

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/glue"
SPARK = {"Name": "glueetl", "ScriptLocation": "s3://visual/job.py"}

SOURCE = {"S3JsonSource": {"Name": "Amazon S3", "Paths": ["s3://lake/in/"], "Recurse": True}}
MAPPED = {"FromPath": ["id"], "ToKey": "id", "FromType": "long", "ToType": "int"}
CHANGE = {"ApplyMapping": {"Name": "Change Schema", "Inputs": ["node-1"], "Mapping": [MAPPED]}}
TARGET = {"S3DirectTarget": {"Name": "Out", "Inputs": ["node-2"], "Path": "s3://lake/out/", "Format": "json", "PartitionKeys": [["day"]]}}  # fmt: skip
NODES = {"node-3": TARGET, "node-2": CHANGE, "node-1": SOURCE}

SCRIPT = """\
import sys
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from awsglue.context import GlueContext
from awsglue.job import Job

args = getResolvedOptions(sys.argv, ["JOB_NAME"])
sc = SparkContext()
glueContext = GlueContext(sc)
spark = glueContext.spark_session
job = Job(glueContext)
job.init(args["JOB_NAME"], args)

# Script generated for node Amazon S3
AmazonS3_node1 = glueContext.create_dynamic_frame.from_options(format_options={}, connection_type="s3", format="json", connection_options={"paths": ["s3://lake/in/"], "recurse": True}, transformation_ctx="AmazonS3_node1")

# Script generated for node Change Schema
ChangeSchema_node2 = ApplyMapping.apply(frame=AmazonS3_node1, mappings=[("id", "long", "id", "int")], transformation_ctx="ChangeSchema_node2")

# Script generated for node Out
Out_node3 = glueContext.write_dynamic_frame.from_options(frame=ChangeSchema_node2, connection_type="s3", format="json", connection_options={"path": "s3://lake/out/", "partitionKeys": ["day"]}, transformation_ctx="Out_node3")

job.commit()
"""


@pytest.fixture
def glue(aws: Any) -> Any:
    """A Glue client; the scripts' bucket exists."""
    aws("s3").create_bucket(Bucket="visual")
    return aws("glue")


def script(aws: Any) -> str:
    return str(aws("s3").get_object(Bucket="visual", Key="job.py")["Body"].read().decode())


def test_a_visual_job_has_its_script_and_its_nodes(aws: Any, glue: Any) -> None:
    glue.create_job(Name="visual", Role=ROLE, Command=SPARK, CodeGenConfigurationNodes=NODES)
    assert script(aws) == SCRIPT
    job = glue.get_job(JobName="visual")["Job"]
    assert job["CodeGenConfigurationNodes"] == NODES

    update = {"Role": ROLE, "Command": SPARK}
    glue.update_job(JobName="visual", JobUpdate={**update, "CodeGenConfigurationNodes": {"node-1": SOURCE}})
    assert "ApplyMapping" not in script(aws)
    assert glue.get_job(JobName="visual")["Job"]["CodeGenConfigurationNodes"] == {"node-1": SOURCE}

    aws("s3").put_object(Bucket="visual", Key="job.py", Body=b"mine")
    glue.update_job(JobName="visual", JobUpdate=update)
    assert script(aws) == "mine", "a job without nodes keeps its own script"
    assert "CodeGenConfigurationNodes" not in glue.get_job(JobName="visual")["Job"]


@pytest.mark.parametrize(
    ("nodes", "code", "message"),
    [
        ({"a": {**SOURCE, **CHANGE}}, "InvalidInputException", "exactly one type"),
        ({"node-2": CHANGE}, "InvalidInputException", "input node-1, which is not a node"),
        ({"node-1": {"SelectFields": {"Name": "x", "Inputs": ["node-1"], "Paths": []}}}, "InvalidInputException", "cycle"),
        ({"node-1": SOURCE, "node1": SOURCE}, "InvalidInputException", "differ only by hyphens"),
        ({"a": {"DirectKinesisSource": {"Name": "x"}}}, "NotEmulatedByGlueLocalException", "DirectKinesisSource"),
        ({"a": {"S3HudiSource": {"Name": "x", "Paths": []}}}, "NotEmulatedByGlueLocalException", "S3HudiSource"),
    ],
)  # fmt: skip
def test_a_graph_that_cannot_run_is_refused(glue: Any, nodes: Any, code: str, message: str) -> None:
    with pytest.raises(ClientError, match=message) as refusal:
        glue.create_job(Name="refused", Role=ROLE, Command=SPARK, CodeGenConfigurationNodes=nodes)
    assert refusal.value.response["Error"]["Code"] == code
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job(JobName="refused")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ({"Name": "pythonshell", "ScriptLocation": "s3://visual/a.py"}, "must have the Command glueetl"),
        ({"Name": "glueetl", "ScriptLocation": "s3://missing-bucket/a.py"}, "cannot be written"),
        ({"Name": "glueetl", "ScriptLocation": "s3://a/b.py"}, "cannot be written"),
        ({"Name": "glueetl", "ScriptLocation": "a.py"}, "must be s3://bucket/key"),
        ({"Name": "glueetl", "ScriptLocation": "s3://visual/\0"}, "must be s3://bucket/key"),
        ({"Name": "glueetl", "ScriptLocation": "s3://vis ual/a.py"}, "must be s3://bucket/key"),
    ],
)
def test_a_script_that_cannot_be_written_is_refused(glue: Any, command: Any, message: str) -> None:
    with pytest.raises(glue.exceptions.InvalidInputException, match=message):
        glue.create_job(Name="refused", Role=ROLE, Command=command, CodeGenConfigurationNodes=NODES)


def test_an_existing_job_keeps_its_script(aws: Any, glue: Any) -> None:
    glue.create_job(Name="twice", Role=ROLE, Command=SPARK, CodeGenConfigurationNodes=NODES)
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_job(Name="twice", Role=ROLE, Command=SPARK, CodeGenConfigurationNodes={"node-1": SOURCE})
    assert script(aws) == SCRIPT
