"""Spark jobs: the script on a driver of its own, a warm one where its settings allow."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from glue_local.worker.arguments import customer_variables, paths, spark_settings
from glue_local.worker.bench import Bench
from glue_local.worker.drivers import CannotStart, RunProcess, await_file
from glue_local.worker.fetch import fetch
from glue_local.worker.run_folder import Order

COMMAND = "glueetl"

# Scala's; without it the script would compute something else.
_NOT_EMULATED = ("--class",)
_DRIVER_VARIABLES, _EXECUTOR_VARIABLES = "--customer-driver-env-vars", "--customer-executor-env-vars"
_GLUE_VERSION = "5.0"  # Spark 3.5.4


def launch(bench: Bench) -> RunProcess:
    """Give the run's order to a driver and return it; raises CannotStart with what keeps the run from starting."""
    arguments = bench.claim.arguments
    for name in _NOT_EMULATED:
        if name in arguments and arguments[name] != "false":
            raise CannotStart(f"glue-local does not emulate the job argument {name} yet")
    if arguments.get("--job-language", "python") != "python":
        raise CannotStart(f"glue-local runs Python scripts, not --job-language {arguments['--job-language']}")
    try:
        settings = spark_settings(arguments)
    except ValueError as error:
        raise CannotStart(str(error)) from None
    formats = [name.lower() for name in paths(arguments, "--datalake-formats")]
    if not bench.drivers.may_be_warm:
        if formats:
            raise CannotStart("glue-local does not bring --datalake-formats to the executors of a cluster yet")
        return _on_cluster(bench, settings)
    if formats:
        jars = [bench.drivers.jars_of(name) for name in formats]
        settings = _path_style(settings)
        return _cold(bench, settings, "--datalake-formats has to be on the class path from the start", jars)
    if paths(arguments, "--extra-jars"):
        return _cold(bench, settings, "--extra-jars has to be on the class path from the start")
    driver = _run_on(bench.drivers.take(), bench, settings, _version_note(bench))
    refused = driver.folder.read_result()
    if refused is None or refused.cold is None:
        return driver
    _discard(driver)
    return _cold(bench, settings, f"--conf {refused.cold} cannot be set on a running session")


def _on_cluster(bench: Bench, settings: Mapping[str, str]) -> RunProcess:
    if paths(bench.claim.arguments, "--additional-python-modules"):
        raise CannotStart("glue-local does not bring --additional-python-modules to the executors of a cluster yet")
    executors = bench.drivers.executors(bench.claim.run)
    return _cold(bench, {**executors.settings, **settings}, f"its executors are those of its definition: {executors}")


def _version_note(bench: Bench) -> str:
    wanted = bench.claim.run.get("GlueVersion", _GLUE_VERSION)
    if wanted == _GLUE_VERSION:
        return ""
    return f"glue-local: the job asks for Glue {wanted}; it runs on the Spark of Glue {_GLUE_VERSION}, 3.5.4\n"


def _path_style(settings: Mapping[str, str]) -> dict[str, str]:
    # Iceberg's own S3 client would look for bucket.localhost, a name that no run resolves.
    catalogs = {key.split(".")[3] for key in settings if key.startswith("spark.sql.catalog.")}
    return {**{f"spark.sql.catalog.{name}.s3.path-style-access": "true" for name in catalogs}, **settings}


def _cold(bench: Bench, settings: Mapping[str, str], reason: str, jars: Sequence[str] = ()) -> RunProcess:
    folder = bench.drivers.new_folder()
    try:
        extra = [str(fetch(bench.s3, path, folder.files)) for path in paths(bench.claim.arguments, "--extra-jars")]
    except CannotStart:
        folder.remove()
        raise
    note = _version_note(bench) + f"glue-local: cold start of a new Spark driver: {reason}\n"
    return _run_on(bench.drivers.start(settings, [*jars, *extra], folder), bench, {}, note)


def _run_on(driver: RunProcess, bench: Bench, settings: Mapping[str, str], note: str = "") -> RunProcess:
    """Return the driver once it is prepared for the order, or has ended; its output begins with ``note``."""
    try:
        driver.folder.write_order(_order(bench, driver, settings))
        if await_file(driver, driver.folder.ready):
            bench.drivers.tell(driver)
            driver.folder.forget_output(note)
            driver.go_on()
            await_file(driver, driver.folder.prepared)
    except CannotStart:
        _discard(driver)
        raise
    return driver


def _order(bench: Bench, driver: RunProcess, settings: Mapping[str, str]) -> Order:
    order, arguments = bench.order(driver.folder, settings), bench.claim.arguments
    try:
        of_the_driver = customer_variables(arguments, _DRIVER_VARIABLES)
        of_executors = customer_variables(arguments, _EXECUTOR_VARIABLES)
    except ValueError as error:
        raise CannotStart(str(error)) from None
    return replace(order, environment={**order.environment, **of_the_driver}, executor_environment=of_executors)


def _discard(driver: RunProcess) -> None:
    driver.end()
    driver.folder.remove()
