"""Universal targets of EventBridge Scheduler: any operation of any service of the endpoint.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

import json
import re
from functools import cache
from typing import Any, NamedTuple

from botocore import xform_name
from botocore.exceptions import UnknownServiceError

from glue_local.client.clients import REGION, new_session
from glue_local.core.faults import Invalid
from glue_local.eventbridge.bus import Clients

_ARN = re.compile(r"arn:aws(?:-[a-z]+)*:scheduler:::aws-sdk:([A-Za-z0-9-]+):([A-Za-z0-9]+)")
# The names of AWS's SDK for Java, which universal targets use, where botocore has others.
_BOTOCORE_NAMES = {
    "applicationdiscoveryservice": "discovery",
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "costandusagereportservice": "cur",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "directoryservice": "ds",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearchservice": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "lexmodelbuildingservice": "lex-models",
    "lexruntimeservice": "lex-runtime",
    "marketplacemetering": "meteringmarketplace",
    "serverlessapplicationrepository": "serverlessrepo",
    "simpledb": "sdb",
    "sfn": "stepfunctions",
}
# AWS refuses operations that only read: a list of the first words of their names.
_READING = re.compile(
    "(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe"
    "|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized)"
    "(?![a-z])"
)


class UniversalTarget(NamedTuple):
    """A service by botocore's name, and an operation by AWS's."""

    service: str
    operation: str


def universal_target(arn: str) -> UniversalTarget | None:
    """Return the target of a universal target's ARN; None for another ARN."""
    found = _ARN.fullmatch(arn)
    if found is None:
        return None
    service, operation = found[1].lower(), found[2]
    return UniversalTarget(
        _BOTOCORE_NAMES.get(service) or _hyphenated().get(service, service), operation[0].upper() + operation[1:]
    )


@cache
def _hyphenated() -> dict[str, str]:
    """Return botocore's names by those without hyphens."""
    return {name.replace("-", ""): name for name in new_session(None, REGION).get_available_services()}


def check_universal_target(arn: str, clients: Clients, account: str, region: str) -> None:
    """Raise Invalid, naming it, for a service or an operation that does not exist, or that only reads."""
    target = universal_target(arn)
    if target is None:
        raise _invalid(f"Provided Arn {arn} is not a target: it must be arn:aws:scheduler:::aws-sdk:service:apiAction.")
    try:
        known = clients(target.service, account, region).meta.service_model.operation_names
    except UnknownServiceError:
        raise _invalid(f"Provided Arn {arn} names the service {target.service}, which does not exist.") from None
    if target.operation not in known:
        raise _invalid(f"Provided Arn {arn} names an action that {target.service} does not have: {target.operation}.")
    name = arn.rpartition(":")[2]
    if _READING.match(name[0].lower() + name[1:]):
        raise _invalid(
            f"Provided Arn {arn} is not supported: a schedule cannot call {target.operation}, which only reads."
        )


def call_universal_target(arn: str, text: str, clients: Clients, account: str, region: str) -> None:
    """Call the operation with an input. Raises what the request raises, and Invalid for an input that is no object."""
    target = universal_target(arn)
    assert target is not None
    client = clients(target.service, account, region)
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Invalid(f"The input of {arn} is not a JSON object: {text}")
    shape = client.meta.service_model.operation_model(target.operation).input_shape
    getattr(client, xform_name(target.operation))(**_named(given, shape))


def _named(given: Any, shape: Any) -> Any:
    """Give members the names that the API has: universal targets have them all in PascalCase."""
    if shape is None or given is None:
        return given
    if shape.type_name == "structure" and isinstance(given, dict):
        names = {name.lower(): name for name in shape.members}
        known = {names.get(name.lower(), name): value for name, value in given.items()}
        return {name: _named(value, shape.members.get(name)) for name, value in known.items()}
    if shape.type_name == "list" and isinstance(given, list):
        return [_named(value, shape.member) for value in given]
    if shape.type_name == "map" and isinstance(given, dict):
        return {name: _named(value, shape.value) for name, value in given.items()}
    return given


def _invalid(message: str) -> Invalid:
    return Invalid(message, code="ValidationException")
