"""The one place that makes AWS clients for what a person sees: of the local endpoint, or of an account by its profile."""

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

    A URL or a port that was named wins; else ``AWS_ENDPOINT_URL``, ``LOCALSTACK_HOST``, and port 4566 at last.
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
) -> Any:
    """Return a boto3 client of ``service`` at the local endpoint.

    ``account`` is twelve digits, and goes in as the access key, as LocalStack reads it; else the default account.
    """
    return boto3.client(
        service,
        endpoint_url=endpoint(port, endpoint_url),
        region_name=region,
        # What localstack-client and every LocalStack tutorial use.
        aws_access_key_id=account or "test",
        aws_secret_access_key="test",
        config=Config(
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 4, "mode": "standard"},
            connect_timeout=5,
            read_timeout=120,
        ),
    )


def of_profile(profile: str | None, region: str) -> Callable[[str], Any]:
    """Return what makes the clients of an AWS account: ``clients("glue")``, with a named profile's credentials.

    Without a profile the credentials are found as any AWS client finds them, as where CI assumes a role.
    Raises botocore's ProfileNotFound.
    """
    session = new_session(profile, region)
    config = Config(retries={"total_max_attempts": 5, "mode": "standard"}, connect_timeout=10, read_timeout=120)
    return cache(lambda service: session.client(service, config=config))


def new_session(profile: str | None = None, region: str | None = None) -> Any:
    """Return a boto3 session that has not looked for credentials yet; the models it needs are read once for all."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _models())
    return boto3.session.Session(profile_name=profile, region_name=region, botocore_session=session)


@cache
def _models() -> Loader:
    return create_loader()


def of_aws(url: str) -> bool:
    """Tell whether a URL is of AWS itself."""
    return str(urlsplit(url).hostname).endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))


def port_of(url: str) -> int:
    """Return the port that a URL names, or its scheme's."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
