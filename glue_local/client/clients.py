"""The one module that creates AWS clients: for the local endpoint, or for an AWS account by profile."""

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader, create_loader
from localstack_client.config import get_service_endpoint

REGION = "us-east-1"


def endpoint(port: int | None = None, endpoint_url: str | None = None) -> str:
    """Return the URL of the local endpoint.

    The order is: ``endpoint_url``, ``port``, ``AWS_ENDPOINT_URL``, ``LOCALSTACK_HOST``, port 4566.
    """
    if endpoint_url:
        return endpoint_url.rstrip("/")
    if port is not None:
        return f"http://localhost:{port}"
    return str(get_service_endpoint("s3"))


def local(
    service: str,
    port: int | None = None,
    account: str | None = None,
    region: str = REGION,
    endpoint_url: str | None = None,
    application: str | None = None,
    attempts: int = 4,
    read_timeout: int = 120,
) -> Any:
    """Return a boto3 client for ``service`` at the local endpoint.

    ``account`` (twelve digits) is passed as the access key, as LocalStack expects; without it the default account is used.
    ``application`` is the application id in its User-Agent; ``read_timeout`` is in seconds.
    """
    return boto3.client(
        service,
        endpoint_url=endpoint(port, endpoint_url),
        region_name=region,
        # The credentials that localstack-client and LocalStack's tutorials use.
        aws_access_key_id=account or "test",
        aws_secret_access_key="test",
        config=Config(
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": attempts, "mode": "standard"},
            connect_timeout=5,
            read_timeout=read_timeout,
            user_agent_appid=application,
        ),
    )


def of_profile(profile: str | None, region: str) -> Callable[[str], Any]:
    """Return a function that creates clients with a profile's credentials: ``clients("glue")``.

    Without a profile, it uses the default credential chain, as in CI. Raises botocore's ProfileNotFound.
    """
    session = new_session(profile, region)
    config = Config(retries={"total_max_attempts": 5, "mode": "standard"}, connect_timeout=10, read_timeout=120)
    return cache(lambda service: session.client(service, config=config))


def new_session(profile: str | None = None, region: str | None = None) -> Any:
    """Return a new boto3 session without cached credentials; all sessions share one cache of service models."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _models())
    return boto3.session.Session(profile_name=profile, region_name=region, botocore_session=session)


@cache
def _models() -> Loader:
    return create_loader()


def of_aws(url: str) -> bool:
    """Return whether a URL belongs to AWS itself."""
    return str(urlsplit(url).hostname).endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))
