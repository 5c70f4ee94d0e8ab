"""The delivery process."""

from typing import Any

from glue_local.children.process import run
from glue_local.client.clients import local
from glue_local.delivery.streams_api import StreamsApi
from glue_local.delivery.worker import Delivery
from glue_local.settings import child_settings


def main() -> None:
    """Deliver until stopped."""
    settings = child_settings()

    def client_of(service: str, stream: dict[str, Any]) -> Any:
        return local(service, account=stream["account"], region=stream["region"], endpoint_url=settings.aws)

    delivery = Delivery(StreamsApi(settings.endpoint, settings.token), client_of)
    run(delivery.work, delivery.end)


if __name__ == "__main__":
    main()
