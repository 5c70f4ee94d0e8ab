"""Given roles, held against what the definitions' policies need; IAM's simulator is played by a stub of botocore's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import boto3
from botocore.stub import Stubber

from glue_local.promote.given_roles import lacking
from glue_local.promote.kinds import Account
from glue_local.promote.overlay import Staged, staged
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
    """Play that the role is there, as GetRole tells it."""
    path = arn.partition(":role")[2].rpartition("/")[0] + "/"
    role = {
        "RoleName": "theirs",
        "Arn": arn,
        "Path": path,
        "RoleId": "A" * 16,
        "CreateDate": datetime.now(timezone.utc),
    }
    stub.add_response("get_role", {"Role": role}, {"RoleName": "theirs"})


def test_a_role_that_may(folder: Path) -> None:
    with iam(decided("allowed")) as account:
        assert lacking(account, wanted(folder)) == ([], [])


def test_a_role_that_may_not(folder: Path) -> None:
    with iam(decided("implicitDeny")) as account:
        [refused], notes = lacking(account, wanted(folder))
    assert refused.endswith(f"the role {ARN} may not s3:GetObject on arn:aws:s3:::acme-data/*")
    assert "glue-local.yaml:" in refused
    assert notes == []


def test_a_role_that_is_not_there(folder: Path) -> None:
    with iam(lambda stub: stub.add_client_error("get_role", "NoSuchEntity")) as account:
        [refused], notes = lacking(account, wanted(folder))
    assert refused.endswith(
        f"the role {ARN} does not exist in account {ACCOUNT}: create it, or leave it out of roles: to have it made"
    )
    assert "glue-local.yaml:" in refused
    assert notes == []


def test_a_role_that_is_not_there_and_needs_nothing(folder: Path) -> None:
    """Its existence is asked of the account even where no policy of it is to be simulated."""
    text = (folder / "glue-local.yaml").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("role_policies:")]
    (folder / "glue-local.yaml").write_text("\n".join(lines))
    asked = wanted(folder)
    assert asked.given_policies == []
    with iam(lambda stub: stub.add_client_error("get_role", "NoSuchEntity")) as account:
        [refused], _ = lacking(account, asked)
    assert f"the role {ARN} does not exist" in refused


def test_a_role_of_another_path(folder: Path) -> None:
    other = "arn:aws:iam::123456789012:role/teams/theirs"
    with iam(lambda stub: exists(stub, other)) as account:
        [refused], _ = lacking(account, wanted(folder))
    assert refused.endswith(f"the role {ARN} does not exist; the role theirs is {other}")


def test_nobody_may_look_for_roles(folder: Path) -> None:
    def play(stub: Stubber) -> None:
        stub.add_client_error("get_role", "AccessDenied")
        stub.add_client_error("simulate_principal_policy", "NoSuchEntity")

    with iam(play) as account:
        [refused], [note] = lacking(account, wanted(folder))
    assert refused.endswith(f"the role {ARN} does not exist")
    assert note == f"the role {ARN} was not looked for: GetRole: AccessDenied"


def test_actions_with_wildcards_are_not_simulated_and_that_is_said(folder: Path) -> None:
    edit(folder, '"s3:GetObject"', '"s3:Get*"')
    with iam(exists) as account:
        refused, [note] = lacking(account, wanted(folder))
    assert refused == []
    assert note == f"the role {ARN} was not checked for s3:Get*: SimulatePrincipalPolicy takes no wildcards"


def test_nobody_answers(folder: Path) -> None:
    def play(stub: Stubber) -> None:
        exists(stub)
        stub.add_client_error("simulate_principal_policy", "AccessDenied")

    with iam(play) as account:
        refused, [note] = lacking(account, wanted(folder))
    assert refused == []
    assert note == f"the role {ARN} was not checked: SimulatePrincipalPolicy: AccessDenied"


def test_a_plan_with_a_role_that_is_missing_touches_nothing(
    cli: Any, folder: Path, tested: Any, there: Account
) -> None:
    wanted(folder)
    tested()
    done = cli("promote", "prod", "--yes")
    assert done.exit_code == 1
    assert f"the role {ARN} does not exist in account {ACCOUNT}" in done.output
    assert there.clients("s3").list_buckets()["Buckets"] == []
