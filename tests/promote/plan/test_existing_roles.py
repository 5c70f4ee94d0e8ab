"""Existing roles are checked against the definitions' policies; botocore's Stubber stands in for IAM's simulator."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import boto3
from botocore.stub import Stubber

from glue_local.promote.definition.overlay import Staged, staged
from glue_local.promote.kinds import Account
from glue_local.promote.plan.existing_roles import check_roles
from tests.promote.conftest import ACCOUNT, REGION, edit

ARN = "arn:aws:iam::123456789012:role/theirs"


def wanted(folder: Path) -> Staged:
    edit(folder, "schedules: off", f"roles: {{r: '{ARN}'}}")
    return staged(folder / "glue-local.yaml", "prod")


@contextmanager
def iam(play: Callable[[Stubber], Any]) -> Iterator[Account]:
    client = boto3.client("iam", region_name=REGION, aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(client) as stub:
        play(stub)
        yield Account(lambda service: client, REGION, ACCOUNT)
        stub.assert_no_pending_responses()


def decided(decision: str) -> Callable[[Stubber], Any]:
    asked = {"PolicySourceArn": ARN, "ActionNames": ["s3:GetObject"], "ResourceArns": ["arn:aws:s3:::acme-data/*"]}
    result = {
        "EvalActionName": "s3:GetObject",
        "EvalResourceName": "arn:aws:s3:::acme-data/*",
        "EvalDecision": decision,
    }
    answer = {"EvaluationResults": [result], "IsTruncated": False}
    return lambda stub: (exists(stub), stub.add_response("simulate_principal_policy", answer, asked))


def exists(stub: Stubber, arn: str = ARN) -> None:
    """Stub GetRole for an existing role."""
    path = arn.partition(":role")[2].rpartition("/")[0] + "/"
    role = {
        "RoleName": "theirs",
        "Arn": arn,
        "Path": path,
        "RoleId": "A" * 16,
        "CreateDate": datetime.now(timezone.utc),
    }
    stub.add_response("get_role", {"Role": role}, {"RoleName": "theirs"})


def test_a_role_with_all_permissions_passes(folder: Path) -> None:
    with iam(decided("allowed")) as account:
        assert check_roles(account, wanted(folder)) == ([], [])


def test_a_role_that_lacks_a_permission_is_refused(folder: Path) -> None:
    with iam(decided("implicitDeny")) as account:
        [refused], notes = check_roles(account, wanted(folder))
    assert refused.endswith(f"the role {ARN} lacks s3:GetObject on arn:aws:s3:::acme-data/*")
    assert "glue-local.yaml:" in refused
    assert notes == []


def test_a_missing_role_is_refused(folder: Path) -> None:
    with iam(lambda stub: stub.add_client_error("get_role", "NoSuchEntity")) as account:
        [refused], notes = check_roles(account, wanted(folder))
    assert refused.endswith(
        f"the role {ARN} does not exist in account {ACCOUNT}: create it, or remove it from roles: to have it created"
    )
    assert "glue-local.yaml:" in refused
    assert notes == []


def test_a_missing_role_is_refused_even_without_policies(folder: Path) -> None:
    """Its existence is checked even if it has no policies to simulate."""
    text = (folder / "glue-local.yaml").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("role_policies:")]
    (folder / "glue-local.yaml").write_text("\n".join(lines))
    asked = wanted(folder)
    assert asked.given_policies == []
    with iam(lambda stub: stub.add_client_error("get_role", "NoSuchEntity")) as account:
        [refused], _ = check_roles(account, asked)
    assert f"the role {ARN} does not exist" in refused


def test_a_role_with_another_path_is_refused(folder: Path) -> None:
    other = "arn:aws:iam::123456789012:role/teams/theirs"
    with iam(lambda stub: exists(stub, other)) as account:
        [refused], _ = check_roles(account, wanted(folder))
    assert refused.endswith(f"the role {ARN} does not exist: the ARN of the role theirs is {other}")


def test_missing_permission_for_get_role_is_a_note(folder: Path) -> None:
    def play(stub: Stubber) -> None:
        stub.add_client_error("get_role", "AccessDenied")
        stub.add_client_error("simulate_principal_policy", "NoSuchEntity")

    with iam(play) as account:
        [refused], [note] = check_roles(account, wanted(folder))
    assert refused.endswith(f"the role {ARN} does not exist")
    assert note == f"the role {ARN} was not checked: GetRole: AccessDenied"


def test_actions_with_wildcards_are_not_simulated_but_noted(folder: Path) -> None:
    edit(folder, '"s3:GetObject"', '"s3:Get*"')
    with iam(exists) as account:
        refused, [note] = check_roles(account, wanted(folder))
    assert refused == []
    assert note == f"the role {ARN} was not checked for s3:Get*: SimulatePrincipalPolicy does not support wildcards"


def test_a_failed_simulation_is_a_note(folder: Path) -> None:
    def play(stub: Stubber) -> None:
        exists(stub)
        stub.add_client_error("simulate_principal_policy", "AccessDenied")

    with iam(play) as account:
        refused, [note] = check_roles(account, wanted(folder))
    assert refused == []
    assert note == f"the role {ARN} was not checked: SimulatePrincipalPolicy: AccessDenied"


def test_a_plan_with_a_missing_role_changes_nothing(cli: Any, folder: Path, tested: Any, there: Account) -> None:
    wanted(folder)
    tested()
    done = cli("promote", "prod", "--yes")
    assert done.exit_code == 1
    assert f"the role {ARN} does not exist in account {ACCOUNT}" in done.output
    assert there.clients("s3").list_buckets()["Buckets"] == []
