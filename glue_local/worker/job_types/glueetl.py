"""Spark jobs: the script runs on its own driver, a warm one if its settings allow it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from glue_local.worker.arguments import customer_variables, is_on, paths, spark_settings
from glue_local.worker.drivers.driver import Driver
from glue_local.worker.drivers.run_process import CannotStart, await_file
from glue_local.worker.fetch import fetch
from glue_local.worker.launch_context import LaunchContext
from glue_local.worker.log import say
from glue_local.worker.run_folder import Order
from glue_local.worker.telemetry.spark_event_logs import PATH, SPARK_UI, destination
from glue_local.worker.telemetry.spark_event_logs import settings as event_log_settings

COMMAND = "glueetl"

# Only for Scala; ignoring it would change the result.
_NOT_EMULATED = ("--class",)
_DRIVER_VARIABLES, _EXECUTOR_VARIABLES = "--customer-driver-env-vars", "--customer-executor-env-vars"
_TRIES = 3
_RENEWED_WITHIN, _WARM_WITHIN, _PREPARED_WITHIN, _EXECUTORS_WITHIN = 15.0, 120.0, 45.0, 300.0  # seconds
_GLUE_VERSION = "5.0"  # Spark 3.5.4


def launch(context: LaunchContext) -> Driver:
    """Send the run's order to a driver and return the driver; raises CannotStart with the reason."""
    arguments = context.claim.arguments
    for name in _NOT_EMULATED:
        if name in arguments and arguments[name] != "false":
            raise CannotStart(f"glue-local does not emulate the job argument {name} yet")
    if arguments.get("--job-language", "python") != "python":
        raise CannotStart(f"glue-local runs Python scripts, not --job-language {arguments['--job-language']}")
    try:
        event_logs = destination(arguments)
        settings = spark_settings(arguments)
    except ValueError as error:
        raise CannotStart(str(error)) from None
    formats = [name.lower() for name in paths(arguments, "--datalake-formats")]
    if not context.drivers.may_be_warm:
        if formats:
            raise CannotStart("glue-local does not bring --datalake-formats to the executors of a cluster yet")
        return _on_cluster(context, settings)
    if formats:
        jars = [context.drivers.jars_of(name) for name in formats]
        settings = _path_style(settings)
        return _cold(context, settings, "--datalake-formats must be on the class path from the start", jars)
    if paths(arguments, "--extra-jars"):
        return _cold(context, settings, "--extra-jars must be on the class path from the start")
    if event_logs:
        return _cold(context, settings, f"{SPARK_UI} writes an event log from the start")
    return _on_pooled(context, settings)


def _on_pooled(context: LaunchContext, settings: Mapping[str, str]) -> Driver:
    refused = next(filter(context.drivers.refuses, settings), None)
    if refused:
        return _cold(context, settings, _cannot_be_set(refused))
    for _ in range(_TRIES):
        driver = context.drivers.take()
        if not _is_prepared(driver, context, settings, _version_note(context)):
            say(f"a driver could not be used, the run gets another: {driver.folder.last_words()}")
            driver.discard()
            continue
        result = driver.folder.read_result()
        if result is None or result.cold is None:
            return driver
        context.drivers.note_refused(result.cold)
        driver.end()
        context.drivers.give_back(driver)
        return _cold(context, settings, _cannot_be_set(result.cold))
    raise CannotStart(f"{_TRIES} Spark drivers in a row ended before the script began: see the worker's log")


def _cannot_be_set(key: str) -> str:
    return f"--conf {key} cannot be set on a running session"


def _on_cluster(context: LaunchContext, settings: Mapping[str, str]) -> Driver:
    if paths(context.claim.arguments, "--additional-python-modules"):
        raise CannotStart("glue-local does not bring --additional-python-modules to the executors of a cluster yet")
    executors = context.drivers.executors(context.claim.run)
    return _cold(context, {**executors.settings, **settings}, f"its executors are those of its definition: {executors}")


def _version_note(context: LaunchContext) -> str:
    wanted = context.claim.run.get("GlueVersion", _GLUE_VERSION)
    notes = _spark_ui_note(context.claim.arguments)
    if wanted == _GLUE_VERSION:
        return notes
    return f"{notes}glue-local: the job asks for Glue {wanted}; it runs on the Spark of Glue {_GLUE_VERSION}, 3.5.4\n"


def _spark_ui_note(arguments: Mapping[str, str]) -> str:
    if not is_on(arguments, SPARK_UI) or arguments.get(PATH):
        return ""
    return f"glue-local: {SPARK_UI} writes no event log without {PATH}\n"


def _path_style(settings: Mapping[str, str]) -> dict[str, str]:
    # Iceberg's S3 client would use bucket.localhost, a host name that runs cannot resolve.
    catalogs = {key.split(".")[3] for key in settings if key.startswith("spark.sql.catalog.")}
    return {**{f"spark.sql.catalog.{name}.s3.path-style-access": "true" for name in catalogs}, **settings}


def _cold(context: LaunchContext, settings: Mapping[str, str], reason: str, jars: Sequence[str] = ()) -> Driver:
    folder = context.drivers.new_folder()
    try:
        extra = [str(fetch(context.s3, path, folder.files)) for path in paths(context.claim.arguments, "--extra-jars")]
    except CannotStart:
        folder.remove()
        raise
    event_logs = destination(context.claim.arguments)
    if event_logs:
        settings = {**event_log_settings(folder, f"{context.claim.run['JobName']} {context.claim.run_id}"), **settings}
    note = _version_note(context) + f"glue-local: cold start of a new Spark driver: {reason}\n"
    driver = context.drivers.start(settings, [*jars, *extra], folder)
    if not _is_prepared(driver, context, {}, note):
        raise _died(driver)
    return driver


def _died(driver: Driver) -> CannotStart:
    reason = driver.folder.last_words()
    driver.discard()
    return CannotStart(f"The Spark driver did not get ready: {reason}")


def _is_prepared(driver: Driver, context: LaunchContext, settings: Mapping[str, str], note: str) -> bool:
    """Send the order to a driver; return whether the driver prepared it or wrote a result that refuses it."""
    try:
        driver.folder.write_order(_order(context, driver, settings))
        # A new one need not be ready: its script waits for the JVM when it wants Spark. But only a session that is up
        # tells which settings it takes.
        seconds = _RENEWED_WITHIN if driver.is_renewed else _WARM_WITHIN if settings else 0.0
        if seconds and not await_file(driver.folder.ready, driver.is_alive, seconds):
            return False
        driver.folder.forget_output(note)
        driver.go_on()
        within = _prepared_within(context)
        return await_file(driver.folder.prepared, driver.is_alive, within) or _has_result(driver)
    except CannotStart:
        driver.cancel()
        context.drivers.give_back(driver)
        raise


def _prepared_within(context: LaunchContext) -> float:
    # On a cluster, it waits for its executors.
    return _PREPARED_WITHIN if context.drivers.may_be_warm else _EXECUTORS_WITHIN


def _has_result(driver: Driver) -> bool:
    return driver.folder.read_result() is not None


def _order(context: LaunchContext, driver: Driver, settings: Mapping[str, str]) -> Order:
    order, arguments = context.order(driver.folder, settings), context.claim.arguments
    try:
        of_the_driver = customer_variables(arguments, _DRIVER_VARIABLES)
        of_executors = customer_variables(arguments, _EXECUTOR_VARIABLES)
    except ValueError as error:
        raise CannotStart(str(error)) from None
    return replace(
        order,
        environment={**order.environment, **of_the_driver},
        executor_environment=of_executors,
        event_log=destination(arguments) is not None,
    )
