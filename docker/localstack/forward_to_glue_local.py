"""Make an unmodified LocalStack 4.14.0 forward Glue, Athena and Firehose to glue-local at GLUE_LOCAL_URL.

LocalStack executes this file in its own process from /etc/localstack/init/start.d. glue-local is not installed there,
so it may only import LocalStack's packages.
"""

import os
import re
import time
from datetime import datetime

import urllib3
from botocore.exceptions import ClientError
from localstack.aws.api import CommonServiceException
from localstack.aws.api.stepfunctions import HistoryEventType, TaskFailedEventDetails
from localstack.aws.skeleton import Skeleton
from localstack.aws.spec import load_service
from localstack.http import Response
from localstack.services.plugins import SERVICE_PLUGINS, Service
from localstack.services.stepfunctions.asl.component.common.error_name.custom_error_name import CustomErrorName
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name import StatesErrorName
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task import state_task_factory
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_glue import (
    StateTaskServiceGlue,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.utils.boto_client import boto_client_for
from localstack.services.stepfunctions.asl.utils.encoding import to_json_str
from localstack.utils.bootstrap import get_enabled_apis

FORWARDED = ("glue", "athena", "firehose")
URL = os.environ.get("GLUE_LOCAL_URL", "http://glue:4566")
UNAVAILABLE = "ServiceUnavailable"
# How long a request waits for glue-local to accept a connection, for example while its container restarts.
PATIENCE_SECONDS = 20.0

_CREDENTIAL = re.compile(r"Credential=[^/]+/")
_HTTP = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=3.0, read=120.0))


def forward(context, request):
    """Forward a client's request to glue-local; return its unchanged status, headers and body."""
    headers = headers_for(context)
    body = context.request.get_data()
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            # The three services use AWS's JSON protocol: always POST, always /.
            answer = _HTTP.request("POST", f"{URL}/", body=body, headers=headers, redirect=False)
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            # Nothing was sent, so a retry is safe.
            if time.monotonic() > end:
                raise unavailable(error) from None
            time.sleep(0.3)
        except urllib3.exceptions.HTTPError as error:
            raise unavailable(error) from None
        else:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in ("connection", "date")}
            return Response(answer.data, answer.status, kept)


def headers_for(context):
    """Return the request's headers for glue-local, with the account that LocalStack finds in the access key."""
    sent = context.request.headers
    headers = {
        name: value
        for name, value in sent.items()
        if name.lower() in ("content-type", "x-amz-target", "x-amz-date", "user-agent")
    }
    # Only LocalStack knows the account of access keys from STS. The signature is not verified.
    headers["Authorization"] = _CREDENTIAL.sub(f"Credential={context.account_id}/", sent.get("Authorization", ""))
    headers["X-Glue-Local-Forwarded"] = "localstack"
    # A connection kept from before a restart would fail without showing whether the request was processed.
    headers["Connection"] = "close"
    return headers


def unavailable(error):
    """Return the error for clients, which they retry, if glue-local does not respond."""
    return CommonServiceException(UNAVAILABLE, f"glue-local at {URL} does not respond: {error}", status_code=503)


def patch_forwarding():
    """Register the forwarded services as LocalStack's providers."""
    for name in FORWARDED:
        SERVICE_PLUGINS.api_provider_specs[name] = ["default"]
    # The cached result may not contain Glue and Athena yet.
    get_enabled_apis.cache_clear()
    for name in FORWARDED:
        model = load_service(name)
        operations = dict.fromkeys(model.operation_names, forward)
        SERVICE_PLUGINS.add_service(Service(name, skeleton=Skeleton(model, operations)))


def patch_state_machines():
    """Make ``glue:startJobRun.sync`` end as on AWS, with times in milliseconds, also across a restart of glue-local."""
    make_client, make_resolver = StateTaskServiceGlue._get_glue_client, StateTaskServiceGlue._build_sync_resolver

    def client(*args, **kwargs):
        glue = make_client(*args, **kwargs)
        # Clients are shared: the unique id registers the handler once.
        glue.meta.events.register("after-call.glue.GetJobRun", times_as_milliseconds, unique_id="glue-local-times")
        return glue

    def resolver(self, *args, **kwargs):
        look = make_resolver(self, *args, **kwargs)

        def look_again_later():
            try:
                return look()
            except ClientError as error:
                # The run continues or has ended; the task's timeout limits the wait.
                if error.response["Error"]["Code"] == UNAVAILABLE:
                    return None
                raise

        return look_again_later

    StateTaskServiceGlue._get_glue_client = staticmethod(client)
    StateTaskServiceGlue._build_sync_resolver = resolver


def times_as_milliseconds(parsed, **_):
    """Convert a JobRun's times to epoch milliseconds, as in AWS's state output."""
    job_run = parsed.get("JobRun", {})
    for name, value in job_run.items():
        if isinstance(value, datetime):
            job_run[name] = int(value.timestamp() * 1000)


class AthenaTask(StateTaskServiceCallback):
    """Calls Athena; ``startQueryExecution.sync`` waits until the query ends. LocalStack itself only forwards the requests.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html
    """

    parameters = {
        "startQueryExecution": {
            *("ClientRequestToken", "ExecutionParameters", "QueryExecutionContext", "QueryString"),
            *("ResultConfiguration", "ResultReuseConfiguration", "WorkGroup"),
        },
        "stopQueryExecution": {"QueryExecutionId"},
        "getQueryExecution": {"QueryExecutionId"},
        "getQueryResults": {"QueryExecutionId", "MaxResults", "NextToken", "QueryResultType"},
    }

    def __init__(self):
        super().__init__(supported_integration_patterns={"sync"})

    def from_state_props(self, state_props):
        super().from_state_props(state_props)
        offered = (None, "sync") if self.resource.api_action == "startQueryExecution" else (None,)
        if self.resource.condition not in offered:
            raise ValueError(f"The resource provided {self.resource.resource_arn} is not recognized.")

    def _get_supported_parameters(self):
        return self.parameters.get(self.resource.api_action)

    def _eval_service_task(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        athena = boto_client_for("athena", resource_runtime_part.region, state_credentials)
        answer = getattr(athena, self._get_boto_service_action())(**normalised_parameters)
        env.stack.append(answer_as_json(answer))

    def _eval_integration_pattern(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        athena = boto_client_for("athena", resource_runtime_part.region, state_credentials)
        started = {"QueryExecutionId": env.stack.pop()["QueryExecutionId"]}
        ended = self._eval_sync(env, lambda: self.ended(env, athena, started), None, None, None)
        if ended is None:
            # The execution was stopped, the task timed out, or another branch failed.
            athena.stop_query_execution(**started)
            ended = answer_as_json(athena.get_query_execution(**started))
        env.stack.append(ended)

    def ended(self, env, athena, started):
        """Return GetQueryExecution's response if the query succeeded; None while it runs or glue-local restarts."""
        try:
            answer = answer_as_json(athena.get_query_execution(**started))
        except ClientError as error:
            if error.response["Error"]["Code"] == UNAVAILABLE:
                return None
            raise
        state = answer["QueryExecution"]["Status"]["State"]
        if state in ("FAILED", "CANCELLED"):
            failed = StatesErrorNameType.StatesTaskFailed
            error = StatesErrorName(typ=failed)
            raise FailureEventException(self.failure(env, error, failed.to_name(), to_json_str(answer)))
        return answer if state == "SUCCEEDED" else None

    def _from_error(self, env, ex):
        if not isinstance(ex, ClientError):
            return super()._from_error(env=env, ex=ex)
        # boto3 raises an error of Athena's model as its own class; the SDK has one name for all others.
        modelled = type(ex) is not ClientError
        name = f"Athena.{ex.response['Error']['Code'] if modelled else 'AmazonAthenaException'}"
        return self.failure(env, CustomErrorName(name), name, ex.response["Error"]["Message"])

    def failure(self, env, error, name, cause):
        told = TaskFailedEventDetails(
            error=name, cause=cause, resource=self._get_sfn_resource(), resourceType=self._get_sfn_resource_type()
        )
        return FailureEvent(env, error, HistoryEventType.TaskFailed, EventDetails(taskFailedEventDetails=told))


def answer_as_json(value):
    """Return a response as state output: without ResponseMetadata, times in epoch milliseconds."""
    if isinstance(value, dict):
        return {key: answer_as_json(member) for key, member in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [answer_as_json(member) for member in value]
    return int(value.timestamp() * 1000) if isinstance(value, datetime) else value


def patch_athena_task():
    """Register the task for ``arn:aws:states:::athena``."""
    service_for = state_task_factory.state_task_service_for

    def with_athena(service_name):
        return AthenaTask() if service_name == "athena" else service_for(service_name=service_name)

    state_task_factory.state_task_service_for = with_athena


patch_forwarding()
patch_state_machines()
patch_athena_task()

STAND_IN = "/etc/glue-local-stand-in"
if os.path.exists(STAND_IN):
    with open(STAND_IN) as told:
        print(told.read().strip(), flush=True)
