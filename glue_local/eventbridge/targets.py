"""The types of target, by the service in their ARN, and the request that delivers to each."""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from glue_local.core.faults import Invalid, Missing, NotEmulated
from glue_local.eventbridge.bus import Clients, refusals
from glue_local.eventbridge.inputs import at_path
from glue_local.orchestrate.triggers import notify_event
from glue_local.store import Document, kinds
from glue_local.work import Context

_QUEUE = re.compile(r"arn:aws(-[a-z]+)*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+")
_LIMITS = {"MaximumRetryAttempts": (0, 185), "MaximumEventAgeInSeconds": (60, 86_400)}


class Invocation(NamedTuple):
    """One input for one target."""

    ctx: Context
    clients: Clients
    target: Document
    text: str
    """The input."""
    event: Document
    """The event, or an empty one if a schedule invokes the target."""
    id: str
    """The delivery's id, which is the same when it is tried again."""

    @property
    def arn(self) -> tuple[str, str, str, str]:
        """The service, region, account and resource in the target's ARN."""
        _, _, service, region, account, resource = self.target["Arn"].split(":", 5)
        return service, region, account, resource

    @property
    def name(self) -> str:
        """The name of the resource in the target's ARN."""
        return self.arn[3].replace(":", "/").rpartition("/")[2]

    def client(self, service: str) -> Any:
        """Return a client of the target's account in its region."""
        _, region, account, _ = self.arn
        return self.clients(service, account, region)


def _state_machine(one: Invocation) -> None:
    # AWS names an execution by the event and the delivery. With the same name, a repeated delivery starts nothing new.
    name = f"{one.event.get('id', one.id)}_{uuid5(NAMESPACE_URL, one.id)}"
    one.client("stepfunctions").start_execution(stateMachineArn=one.target["Arn"], name=name, input=one.text)


def _kinesis(one: Invocation) -> None:
    parameters = one.target.get("KinesisParameters", {})
    key = parameters.get("PartitionKey") or _at(one.event, parameters.get("PartitionKeyPath")) or one.event.get("id")
    one.client("kinesis").put_record(StreamName=one.name, Data=one.text, PartitionKey=str(key or one.id))


def _at(event: Document, path: str | None) -> Any:
    found = at_path(event, path) if path else None
    return found if isinstance(found, str | int | float) else None


def _firehose(one: Invocation) -> None:
    one.client("firehose").put_record(DeliveryStreamName=one.name, Record={"Data": one.text})


def _queue(one: Invocation) -> None:
    sqs = one.client("sqs")
    group = one.target.get("SqsParameters", {}).get("MessageGroupId")
    more = {"MessageGroupId": group} if group else {}
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=one.name)["QueueUrl"], MessageBody=one.text, **more)


def _topic(one: Invocation) -> None:
    one.client("sns").publish(TopicArn=one.target["Arn"], Message=one.text)


def _function(one: Invocation) -> None:
    one.client("lambda").invoke(FunctionName=one.target["Arn"], InvocationType="Event", Payload=one.text)


def _log_group(one: Invocation) -> None:
    logs = one.client("logs")
    group = one.arn[3].removeprefix("log-group:").removesuffix(":*")
    logs.create_log_stream(logGroupName=group, logStreamName=one.id)
    message = {"timestamp": int(one.ctx.now * 1000), "message": one.text}
    logs.put_log_events(logGroupName=group, logStreamName=one.id, logEvents=[message])


def _bus(one: Invocation) -> None:
    parameters = one.target.get("EventBridgeParameters", {})
    entry = {
        "Source": parameters.get("Source", one.event.get("source")),
        "DetailType": parameters.get("DetailType", one.event.get("detail-type")),
        "Detail": json.dumps(one.event["detail"]) if one.event else one.text,
        "Resources": one.event.get("resources", []),
        "EventBusName": one.target["Arn"],
    }
    for refusal in refusals(one.client("events").put_events(Entries=[entry])):
        raise refusal


def _workflow(one: Invocation) -> None:
    _, region, account, _ = one.arn
    documents = one.ctx.store.scope(account, region)
    if documents.read(kinds.WORKFLOW, one.name) is None:
        raise Missing(f"Workflow {one.name} not found.")
    notify_event(one.ctx, documents, one.name, one.event["id"])


_DELIVER: dict[str, Callable[[Invocation], None]] = {
    "states": _state_machine,
    "kinesis": _kinesis,
    "firehose": _firehose,
    "sqs": _queue,
    "sns": _topic,
    "lambda": _function,
    "logs": _log_group,
    "events": _bus,
    "glue": _workflow,
}


def invoke(one: Invocation) -> None:
    """Deliver an input to its target. Raises what the request raises."""
    _DELIVER[one.arn[0]](one)


def check_target(arn: str) -> None:
    """Raise NotEmulated, naming it, for a target that nothing delivers to."""
    _, _, service, _, _, resource = (*arn.split(":", 5), *[""] * 5)[:6]
    if service not in _DELIVER or (service == "glue" and not resource.startswith("workflow/")):
        known = "Step Functions, Kinesis, Firehose, SQS, SNS, Lambda, log groups, event buses and Glue workflows"
        raise NotEmulated(f"glue-local does not emulate the target {arn} yet: targets may be {known}")


def check_failures(target: Document) -> None:
    """Check what a target of a rule or schedule says about failed deliveries. Raises Invalid."""
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue and not _QUEUE.fullmatch(queue):
        message = f"Parameter {queue} is not valid. Reason: DeadLetterConfig must have the Arn of an SQS queue."
        raise Invalid(message, code="ValidationException")
    for name, value in (target.get("RetryPolicy") or {}).items():
        least, most = _LIMITS.get(name, (0, 0))
        if not isinstance(value, int) or not least <= value <= most:
            message = f"Parameter {name} is not valid. Reason: {value!r} is not a number from {least} to {most}."
            raise Invalid(message, code="ValidationException")
