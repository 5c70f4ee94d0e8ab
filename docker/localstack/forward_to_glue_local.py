"""Teaches an unmodified LocalStack 4.14.0 to forward Glue, Athena and Firehose to glue-local at GLUE_LOCAL_URL.

LocalStack executes this file inside its own process when it lies in /etc/localstack/init/start.d. It knows nothing of
glue-local's code and may import LocalStack's only.
"""

import os
import re
import time
from datetime import datetime

import urllib3
from botocore.exceptions import ClientError
from localstack.aws.api import CommonServiceException
from localstack.aws.skeleton import Skeleton
from localstack.aws.spec import load_service
from localstack.http import Response
from localstack.services.plugins import SERVICE_PLUGINS, Service
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_glue import (
    StateTaskServiceGlue,
)
from localstack.utils.bootstrap import get_enabled_apis

# Athena is forwarded although glue-local does not emulate it yet: its refusal is the truth, LocalStack's is an offer.
FORWARDED = ("glue", "athena", "firehose")
URL = os.environ.get("GLUE_LOCAL_URL", "http://glue:4566")
UNAVAILABLE = "ServiceUnavailable"
# How long a request waits for glue-local to accept a connection, as when its container is being started again.
PATIENCE_SECONDS = 20.0

_CREDENTIAL = re.compile(r"Credential=[^/]+/")
_HTTP = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=3.0, read=120.0))


def forward(context, request):
    """Return glue-local's answer to a request of a client, as it is: status, headers and body."""
    headers = headers_for(context)
    body = context.request.get_data()
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            # The three speak AWS's JSON protocol: always POST, always /.
            answer = _HTTP.request("POST", f"{URL}/", body=body, headers=headers, redirect=False)
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            # Nothing was sent, so asking again does nothing twice.
            if time.monotonic() > end:
                raise unavailable(error) from None
            time.sleep(0.3)
        except urllib3.exceptions.HTTPError as error:
            raise unavailable(error) from None
        else:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in ("connection", "date")}
            return Response(answer.data, answer.status, kept)


def headers_for(context):
    """Return the request's headers for glue-local: signed by the account that LocalStack finds in the access key."""
    sent = context.request.headers
    headers = {
        name: value
        for name, value in sent.items()
        if name.lower() in ("content-type", "x-amz-target", "x-amz-date", "user-agent")
    }
    # Keys that STS gave hide their account; only LocalStack can tell it. Nobody verifies the signature.
    headers["Authorization"] = _CREDENTIAL.sub(f"Credential={context.account_id}/", sent.get("Authorization", ""))
    headers["X-Glue-Local-Forwarded"] = "localstack"
    # A connection kept from before a restart would fail halfway, and nobody could tell whether the request was read.
    headers["Connection"] = "close"
    return headers


def unavailable(error):
    """Return the error that clients see, and repeat their request for, when glue-local does not answer."""
    return CommonServiceException(UNAVAILABLE, f"glue-local at {URL} does not answer: {error}", status_code=503)


def teach_forwarding():
    """Make the forwarded services LocalStack's providers of their names."""
    for name in FORWARDED:
        SERVICE_PLUGINS.api_provider_specs[name] = ["default"]
    # It may have been computed when Glue and Athena were none of LocalStack's services.
    get_enabled_apis.cache_clear()
    for name in FORWARDED:
        model = load_service(name)
        operations = dict.fromkeys(model.operation_names, forward)
        SERVICE_PLUGINS.add_service(Service(name, skeleton=Skeleton(model, operations)))


def teach_state_machines():
    """Make ``glue:startJobRun.sync`` end as on AWS: times in milliseconds, and patience with a Glue that restarts."""
    make_client, make_resolver = StateTaskServiceGlue._get_glue_client, StateTaskServiceGlue._build_sync_resolver

    def client(*args, **kwargs):
        glue = make_client(*args, **kwargs)
        # Clients are shared: registered once, by its name.
        glue.meta.events.register("after-call.glue.GetJobRun", times_as_milliseconds, unique_id="glue-local-times")
        return glue

    def resolver(self, *args, **kwargs):
        look = make_resolver(self, *args, **kwargs)

        def look_again_later():
            try:
                return look()
            except ClientError as error:
                # The run goes on, or has ended meanwhile; the task's own time-out limits the waiting.
                if error.response["Error"]["Code"] == UNAVAILABLE:
                    return None
                raise

        return look_again_later

    StateTaskServiceGlue._get_glue_client = staticmethod(client)
    StateTaskServiceGlue._build_sync_resolver = resolver


def times_as_milliseconds(parsed, **_):
    """Rewrite a JobRun's times: a state's output is JSON, where AWS gives them as epoch milliseconds."""
    job_run = parsed.get("JobRun", {})
    for name, value in job_run.items():
        if isinstance(value, datetime):
            job_run[name] = int(value.timestamp() * 1000)


teach_forwarding()
teach_state_machines()

STAND_IN = "/etc/glue-local-stand-in"
if os.path.exists(STAND_IN):
    with open(STAND_IN) as told:
        print(told.read().strip(), flush=True)
