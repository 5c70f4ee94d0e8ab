"""ARNs of stages in China and for the government: the region decides the partition, everywhere in what is promoted."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from glue_local.promote import cloudformation, terraform
from glue_local.promote.document import DefinitionError
from glue_local.promote.kinds import Account
from glue_local.promote.overlay import Staged, staged
from glue_local.promote.partitions import in_partition_of, partition_of
from tests.promote.conftest import edit

REGIONS = [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eu-west-1", "aws")]
BOUNDARY = "PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess', "


def in_region(folder: Path, region: str) -> Staged:
    edit(folder, "    region: eu-west-1\n", f"    region: {region}\n")
    edit(folder, "\nroles: [{RoleName: r, ", f"\nroles: [{{RoleName: r, {BOUNDARY}")
    return staged(folder / "glue-local.yaml", "prod")


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(("region", "partition"), REGIONS)
def test_every_arn_is_of_the_regions_partition(region: str, partition: str, folder: Path) -> None:
    wanted = in_region(folder, region)
    found = re.findall(r"arn:(aws[a-z-]*):([a-z0-9]*)", json.dumps([texts(each.request) for each in wanted.resources]))
    assert {name for name, _ in found} == {partition}
    assert {service for _, service in found} >= {"iam", "s3", "states"}
    [role] = [each for each in wanted.resources if each.kind == "roles"]
    assert role.request["PermissionsBoundary"] == f"arn:{partition}:iam::aws:policy/PowerUserAccess"
    assert json.loads(role.request["AssumeRolePolicyDocument"])["Statement"][0]["Principal"] == {
        "Service": "glue.amazonaws.com"
    }
    [machine] = [each for each in wanted.resources if each.kind == "state_machines"]
    task = json.loads(machine.request["definition"])["States"]["Run"]
    assert task["Resource"] == f"arn:{partition}:states:::glue:startJobRun.sync"


@pytest.mark.parametrize(("region", "partition"), REGIONS)
def test_templates_refer_to_each_other_in_every_partition(region: str, partition: str, folder: Path) -> None:
    wanted = in_region(folder, region)
    written = json.dumps([cloudformation.template(wanted), terraform.configuration(wanted)])
    assert set(re.findall(r"arn:(aws[a-z-]*):", written)) == {partition}
    # An ARN of ours that stayed text is one that no reference was put for.
    assert f"arn:{partition}:iam::123456789012:role/r" not in written
    assert f"arn:{partition}:s3:::acme-data" not in written


@pytest.mark.parametrize(("region", "partition"), REGIONS)
def test_an_accounts_own_arns(region: str, partition: str) -> None:
    account = Account(lambda service: None, region, "123456789012")
    assert account.arn("glue", "job/j") == f"arn:{partition}:glue:{region}:123456789012:job/j"


def test_an_arn_that_names_another_partition_follows_the_region() -> None:
    assert in_partition_of("eu-west-1", "arn:aws-us-gov:s3:::a arn:awsome:x") == "arn:aws:s3:::a arn:awsome:x"


def test_the_partition_is_a_variable(folder: Path) -> None:
    edit(folder, "--out: s3://data/out/", "--out: '${AWS::Partition}'")
    wanted = in_region(folder, "cn-northwest-1")
    [job] = [each for each in wanted.resources if each.kind == "jobs"]
    assert job.request["DefaultArguments"]["--out"] == "aws-cn"


def test_a_region_of_no_partition_is_refused(folder: Path) -> None:
    edit(folder, "    region: eu-west-1\n", "    region: zz-nowhere-1\n")
    with pytest.raises(
        DefinitionError, match=r"glue-local.yaml:\d+: expected a region, .*: zz-nowhere-1 is no region of AWS"
    ):
        staged(folder / "glue-local.yaml", "prod")
    assert partition_of("us-iso-east-1") == "aws-iso"
