"""The only maker of AWS clients outside workers, jobs and awsglue: of the local endpoint, through localstack-client."""

from typing import Any

from botocore.config import Config
from localstack_client.session import Session

from glue_local.settings import DEFAULT_ACCOUNT, DEFAULT_PORT, DEFAULT_REGION


def local(service: str, port: int = DEFAULT_PORT, account: str | None = None, region: str = DEFAULT_REGION) -> Any:
    """Return a boto3 client of ``service`` at ``http://localhost:<port>``, in ``account`` (12 digits) and ``region``."""
    session = Session(
        aws_access_key_id=account or DEFAULT_ACCOUNT,
        aws_secret_access_key="test",
        region_name=region,
        localstack_host=f"localhost:{port}",
    )
    # Bucket names are no host names here.
    return session.client(service, config=Config(s3={"addressing_style": "path"}, inject_host_prefix=False))
