"""An AWS account for tests: a separate moto server with moto's own Glue, so that none of our code is involved.

What AWS does and moto 5.2.5 does not is added, so that promotion can use it: Glue's UpdateJob, UpdateTrigger, UpdateCrawler,
StartCrawlerSchedule and StopCrawlerSchedule, EventBridgeConfiguration in a bucket's notifications, and the tags that CreateBucket and CreateStream take. What it does not have returns 501,
not 500, which clients would try again and again. It keeps connections open, and looks for its modules once.
"""

import sys
from inspect import signature
from typing import Any

import moto.backends
import xmltodict
from moto.core.responses import ActionResult, EmptyResult
from moto.glue.models import FakeCrawler
from moto.glue.responses import GlueResponse
from moto.glue.utils import Action, Predicate
from moto.kinesis.responses import KinesisResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.responses import S3Response
from werkzeug.serving import WSGIRequestHandler, make_server

_create_crawler = GlueResponse.create_crawler
_crawler_document = FakeCrawler.as_dict
_get_bucket_notification = S3Response.get_bucket_notification
_create_bucket = S3Response._bucket_response_put
_create_stream = KinesisResponse.create_stream


def update_job(self: Any) -> Any:
    """Replace a job's definition; members that the update omits return to their defaults."""
    name, update = self.parameters["JobName"], self.parameters["JobUpdate"]
    backend = self.glue_backend
    given = {**update, "Name": name, "Tags": backend.get_tags(backend.get_job(name).arn)}
    members = {
        name: "".join(part.title() for part in name.split("_")) for name in signature(backend.create_job).parameters
    }
    backend.create_job(**{name: given.get(member) for name, member in members.items()})
    return ActionResult({"JobName": name})


def update_trigger(self: Any) -> Any:
    """Replace a trigger's definition; its type, workflow and state stay."""
    name, update = self.parameters["Name"], self.parameters["TriggerUpdate"]
    trigger = self.glue_backend.get_trigger(name)
    trigger.schedule, trigger.description = update.get("Schedule"), update.get("Description")
    trigger.actions = [Action(action) for action in update["Actions"]]
    trigger.predicate = Predicate(update["Predicate"]) if "Predicate" in update else None
    trigger.event_batching_condition = update.get("EventBatchingCondition")
    return ActionResult({"Trigger": trigger.as_dict()})


def update_crawler(self: Any) -> Any:
    """Change the given members of a crawler and keep the others; an empty schedule removes the schedule."""
    crawler = self.glue_backend.get_crawler(self.parameters["Name"])
    for member, value in self.parameters.items():
        setattr(crawler, "".join(f"_{c.lower()}" if c.isupper() else c for c in member).lstrip("_"), value)
    return EmptyResult()


def start_crawler_schedule(self: Any) -> Any:
    """Schedule a crawler again."""
    self.glue_backend.get_crawler(self.parameters["CrawlerName"]).schedule_stopped = False
    return EmptyResult()


def stop_crawler_schedule(self: Any) -> Any:
    """Stop the schedule of a crawler."""
    self.glue_backend.get_crawler(self.parameters["CrawlerName"]).schedule_stopped = True
    return EmptyResult()


def crawler_document(self: Any) -> Any:
    """Return a crawler with the state of its schedule, and with the members that AWS adds to every crawler."""
    document = _crawler_document(self)
    if "Schedule" in document and getattr(self, "schedule_stopped", False):
        document["Schedule"]["State"] = "NOT_SCHEDULED"
    given = getattr(self, "lake_formation_configuration", None)
    document["LakeFormationConfiguration"] = given or {"UseLakeFormationCredentials": False, "AccountId": ""}
    return {**document, "Targets": {"JdbcTargets": [], **document["Targets"]}}


def create_crawler(self: Any) -> Any:
    """Create a crawler with all of its members."""
    response = _create_crawler(self)
    crawler = self.glue_backend.get_crawler(self.parameters["Name"])
    crawler.lake_formation_configuration = self.parameters.get("LakeFormationConfiguration")
    return response


def create_bucket(self: Any, request: Any, bucket_name: str, querystring: Any) -> Any:
    """Create a bucket with the tags in its configuration."""
    plain = not set(querystring or ()) - {"x-id"}
    configuration = (xmltodict.parse(self.body) if plain and self.body else {}).get("CreateBucketConfiguration", {})
    answer = _create_bucket(self, request, bucket_name, querystring)
    tags = (configuration.get("Tags") or {}).get("Tag", [])
    if tags:
        pairs = tags if isinstance(tags, list) else [tags]
        self.backend.put_bucket_tagging(bucket_name, {pair["Key"]: pair["Value"] for pair in pairs})
    return answer


def create_stream(self: Any) -> Any:
    """Create a stream with its tags."""
    _create_stream(self)
    self.kinesis_backend.add_tags_to_stream(None, self._get_param("StreamName"), self._get_param("Tags") or {})
    return EmptyResult()


def get_bucket_notification(self: Any) -> Any:
    """Return a bucket's notifications, with those to EventBridge."""
    configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
    if configuration and configuration.event_bridge is not None:
        self.data["Action"] = "GetBucketNotificationConfiguration"
        return self.serialized(ActionResult({"EventBridgeConfiguration": {}}))
    return _get_bucket_notification(self)


class Application(DomainDispatcherApplication):  # type: ignore[misc]
    """All of moto, with 501 for operations it does not implement."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ.get("HTTP_X_AMZ_TARGET", "").endswith(".ValidateStateMachineDefinition"):
            environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            start_response("501 Not Implemented", [("Content-Length", "0")])
            return [b""]
        return super().__call__(environ, start_response)


class Handler(WSGIRequestHandler):
    """Keeps connections open and sends responses without delay."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, *_args: Any) -> None:
        """Log nothing."""


def main(port: int) -> None:
    """Serve the account on a local port."""
    GlueResponse.update_job = update_job
    GlueResponse.update_trigger = update_trigger
    GlueResponse.create_crawler = create_crawler
    GlueResponse.update_crawler = update_crawler
    GlueResponse.start_crawler_schedule = start_crawler_schedule
    GlueResponse.stop_crawler_schedule = stop_crawler_schedule
    FakeCrawler.as_dict = crawler_document
    S3Response._bucket_response_put = create_bucket
    S3Response.get_bucket_notification = get_bucket_notification
    KinesisResponse.create_stream = create_stream
    modules = tuple(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    application = Application(create_backend_app)
    make_server("127.0.0.1", port, application, threaded=True, request_handler=Handler).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
