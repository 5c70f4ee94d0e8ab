"""ARNs in China and GovCloud: the region determines the partition of all promoted ARNs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from glue_local.promote.aws_partitions import in_partition_of, partition_of
from glue_local.promote.definition.document import DefinitionError
from glue_local.promote.definition.overlay import Staged, staged
from glue_local.promote.export import cloudformation, terraform
from glue_local.promote.kinds import Account
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
def test_every_arn_has_the_regions_partition(region: str, partition: str, folder: Path) -> None:
    wanted = in_region(folder, region)
    found = re.findall(r"arn:(aws[a-z-]*):([a-z0-9]*)", json.dumps([texts(each.request) for each in wanted.resources]))
    assert {name for name, _ in found} == {partition}
    assert {service for _, service in found} >= {"iam", "s3", "states"}
    [role] = [each for each in wanted.resources if each.kind == "roles"]
    assert role.request["PermissionsBoundary"] == f"arn:{partition}:iam::aws:policy/PowerUserAccess"
    assert json.loads(role.request["AssumeRolePolicyDocument"])["Statement"][0]["Principal"] == {
        "Service": ["glue.amazonaws.com", "scheduler.amazonaws.com", "events.amazonaws.com"]
    }
    [machine] = [each for each in wanted.resources if each.kind == "state_machines"]
    task = json.loads(machine.request["definition"])["States"]["Run"]
    assert task["Resource"] == f"arn:{partition}:states:::glue:startJobRun.sync"


@pytest.mark.parametrize(("region", "partition"), REGIONS)
def test_templates_use_references_in_every_partition(region: str, partition: str, folder: Path) -> None:
    wanted = in_region(folder, region)
    written = json.dumps([cloudformation.template(wanted), terraform.configuration(wanted)])
    assert set(re.findall(r"arn:(aws[a-z-]*):", written)) == {partition}
    # Our own ARNs must have been replaced by references.
    assert f"arn:{partition}:iam::123456789012:role/r" not in written
    assert f"arn:{partition}:s3:::acme-data" not in written


@pytest.mark.parametrize(("region", "partition"), REGIONS)
def test_an_accounts_arns_have_its_regions_partition(region: str, partition: str) -> None:
    account = Account(lambda service: None, region, "123456789012")
    assert account.arn("glue", "job/j") == f"arn:{partition}:glue:{region}:123456789012:job/j"


def test_an_arn_in_another_partition_is_moved_to_the_regions() -> None:
    assert in_partition_of("eu-west-1", "arn:aws-us-gov:s3:::a arn:awsome:x") == "arn:aws:s3:::a arn:awsome:x"


def test_the_partition_is_available_as_a_variable(folder: Path) -> None:
    edit(folder, "--out: s3://data/out/", "--out: '${AWS::Partition}'")
    wanted = in_region(folder, "cn-northwest-1")
    [job] = [each for each in wanted.resources if each.kind == "jobs"]
    assert job.request["DefaultArguments"]["--out"] == "aws-cn"


def test_an_unknown_region_is_refused(folder: Path) -> None:
    edit(folder, "    region: eu-west-1\n", "    region: zz-nowhere-1\n")
    with pytest.raises(
        DefinitionError, match=r"glue-local.yaml:\d+: expected a region, .*: zz-nowhere-1 is not an AWS region"
    ):
        staged(folder / "glue-local.yaml", "prod")
    assert partition_of("us-iso-east-1") == "aws-iso"
