"""The ``glue_local`` fixture: an account at the local endpoint with its clients and resources."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glue_local.client import clients
from glue_local.promote import kinds
from glue_local.promote.apply.provision import provision
from glue_local.promote.definition.desired import desired, local_seeds
from glue_local.seeds import plant


@dataclass(frozen=True)
class Account:
    """An account at the local endpoint, used by one test only."""

    endpoint: str
    account: str
    region: str
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def client(self, service: str) -> Any:
        """Return a boto3 client for ``service`` in this account."""
        if service not in self._clients:  # creating a client is slow
            self._clients[service] = clients.local(
                service, account=self.account, region=self.region, endpoint_url=self.endpoint
            )
        return self._clients[service]

    def provision(self, file: str | Path = "glue-local.yaml") -> None:
        """Create the resources and seeds in ``file`` like ``glue-local provision``; raises DefinitionError."""
        account = kinds.Account(self.client, self.region, self.account)
        for _ in provision(desired(Path(file), self.region, self.account), account):
            pass
        for _ in plant(local_seeds(Path(file), self.region, self.account), self.client("s3"), self.client("glue")):
            pass

    def put(self, location: str, body: str | bytes) -> None:
        """Write an object to ``s3://bucket/key``, creating the bucket if it does not exist."""
        bucket, _, key = location.removeprefix("s3://").partition("/")
        if not location.startswith("s3://") or not key:
            raise ValueError(f"{location!r} is not an S3 location: write s3://bucket/key")
        s3 = self.client("s3")
        if bucket not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
            s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key=key, Body=body.encode() if isinstance(body, str) else body)
