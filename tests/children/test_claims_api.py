"""A worker's requests for its claims, and which errors mean that the claim is lost."""

from typing import Any

import pytest

from glue_local.children.claims_api import ClaimLost, ClaimsApi
from glue_local.core.private_api import Refused


class Api:
    """A private API that answers once, or refuses."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.asked = answer, ()

    def post(self, path: str, body: dict[str, Any], timeout: float = 0) -> Any:
        self.asked = (path, body)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_a_claim_names_the_worker_and_its_offers() -> None:
    api = Api({"query": {}})
    assert ClaimsApi(api, "queries").claim("w", 20.0, engines=["trino"]) == {"query": {}}  # type: ignore[arg-type]
    assert api.asked == ("queries/claim", {"worker": "w", "wait": 20.0, "engines": ["trino"]})


def test_a_report_carries_the_claim() -> None:
    api = Api(None)
    assert ClaimsApi(api, "queries").report("q1", "finished", "secret", state="FAILED") == {}  # type: ignore[arg-type]
    assert api.asked == ("queries/q1/finished", {"claim": "secret", "state": "FAILED"})


@pytest.mark.parametrize(("status", "error"), [(404, ClaimLost), (409, ClaimLost), (403, Refused), (503, Refused)])
def test_only_404_and_409_mean_that_the_claim_is_lost(status: int, error: type[Exception]) -> None:
    api = Api(Refused("queries/q1/heartbeat", status, "no"))
    with pytest.raises(error, match=f"queries/q1/heartbeat: {status} no"):
        ClaimsApi(api, "queries").report("q1", "heartbeat", "secret")  # type: ignore[arg-type]
