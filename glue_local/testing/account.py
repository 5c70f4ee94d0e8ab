"""What a test is handed: an account of the local endpoint, its clients, and the project's resources in it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glue_local import clients
from glue_local.promote import kinds
from glue_local.promote.desired import desired
from glue_local.promote.provision import provision


@dataclass(frozen=True)
class Account:
    """An account of the local endpoint that only one test uses."""

    endpoint: str
    account: str
    region: str
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def client(self, service: str) -> Any:
        """Return a boto3 client of ``service`` in this account."""
        if service not in self._clients:  # making one takes longer than most tests use it
            self._clients[service] = clients.local(
                service, account=self.account, region=self.region, endpoint_url=self.endpoint
            )
        return self._clients[service]

    def provision(self, file: str | Path = "glue-local.yaml") -> None:
        """Create what ``file`` describes, as ``glue-local provision`` does; DefinitionError names what is wrong in it."""
        account = kinds.Account(self.client, self.region, self.account)
        for _ in provision(desired(Path(file), self.region, self.account), account):
            pass

    def put(self, location: str, body: str | bytes) -> None:
        """Write an object to ``s3://bucket/key``, making the bucket when there is none of that name."""
        bucket, _, key = location.removeprefix("s3://").partition("/")
        if not location.startswith("s3://") or not key:
            raise ValueError(f"{location!r} is not an S3 location (s3://bucket/key)")
        s3 = self.client("s3")
        if bucket not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
            s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key=key, Body=body.encode() if isinstance(body, str) else body)
