"""Given roles, held against what the definitions' policies need; IAM's simulator is played by a stub of botocore's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    return lambda stub: stub.add_response("simulate_principal_policy", answer, asked)


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
    with iam(lambda stub: stub.add_client_error("simulate_principal_policy", "NoSuchEntity")) as account:
        [refused], _ = lacking(account, wanted(folder))
    assert refused.endswith(f"the role {ARN} does not exist")


def test_nobody_answers(folder: Path) -> None:
    with iam(lambda stub: stub.add_client_error("simulate_principal_policy", "AccessDenied")) as account:
        refused, [note] = lacking(account, wanted(folder))
    assert refused == []
    assert note == f"the role {ARN} was not checked: SimulatePrincipalPolicy: AccessDenied"
