"""What is emulated, as a page made from the code: ``python -m glue_local.fidelity`` writes docs/fidelity.md."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType

from glue_local.services import firehose, glue
from glue_local.wire.dispatch import service
from glue_local.wire.model import service_model

PAGE = Path(__file__).parent.parent / "docs" / "fidelity.md"

_HEAD = """# Fidelity

Made from the code by `python -m glue_local.fidelity`; a test holds it current. An operation that is not listed answers 501,
`NotEmulatedByGlueLocalException`, and names itself. Requests are held against botocore's models.

## Known deviations

* Signatures are not verified and there is no IAM: every caller may do everything in its account.
* The id of a retried run ends in `_attempt_1`, …; what AWS gives is not documented.
* A Spark job that names no GlueVersion gets 5.0; AWS's own default moves.
* A `.sync` task of Step Functions takes a STOPPED run for a success, as moto and LocalStack do; AWS does not say.
* Step Functions drops parameters of startJobRun that AWS does not have; AWS refuses the definition.
* CloudFormation refuses templates with resources of Glue, Firehose, Step Functions, Athena or EMR.
* WorkerType and NumberOfWorkers are kept and shown; the run has this machine's cores, whatever they say.
* Every Spark job runs on Spark 3.5.4, Glue 5.0's; one that asks for another GlueVersion is told so in its error log.
* CSV files of one read whose headers differ are refused; a reader's unknown keyword is an error, AWS passes over both.
* Direct puts and checkpoints of Firehose are durable; objects in S3 and records in Kinesis end with the server.
* Fields of JSON come in the order of their names, as Spark has them; AWS keeps the order of the data.
* A malformed line of JSON costs itself only, and its error record holds the line; on AWS it costs the next record as well.
* A file of JSON is a stream of documents however they lie over lines, as AWS's page of FlatMap has it; one with a malformed
  document, or larger than 128 MiB, is read line by line unless `multiLine` says otherwise.
* Choices are found in JSON (also below `jsonPath`), XML, unions of Avro, columns of CSV tables, by union and by map.
* relationalize stages Parquet, not CSV; its keys have gaps.
* Thresholds of errors count by reading the data before it is used; `spigot` writes at once; `unbox` knows json and csv.
* Data quality: `matches` is of the whole value, Entropy is in bits, StandardDeviation is the population's; AWS's pages leave
  these open. Nothing is published to CloudWatch or to AWS's console; what needs earlier runs is refused (docs/data-quality.md).
* JDBC: PostgreSQL's driver is here, --extra-jars brings others; the state of a JDBC bookmark has a form of our own.
* Kinesis frames stand on files that a thread of the run fetches; records of the classifications json and csv only.
* A transition to another storage class copies each object in the run; AWS hands it to S3 Batch Operations.
* --enable-glue-datacatalog: Spark's own sources read the tables, no Hive SerDe; renaming tables and altering partitions
  is refused, and so is a table that would lie in the run's own folder. --datalake-formats needs `doctor --fix` first.
* --datalake-formats with a cluster's executors, and --enable-glue-datacatalog with an awsglue not ours, fail the run.
"""


def page() -> str:
    """Return the page's text."""
    parts = [_HEAD, _section("AWS Glue", "glue", glue), _section("Amazon Data Firehose", "firehose", firehose)]
    return "\n".join(parts)


def _section(title: str, name: str, package: ModuleType) -> str:
    served = sorted(service(name, package.NOUNS, package.FAULT_CODES, package.CHECK).operations)
    known = len(service_model(name).operation_names)
    rows = [
        f"| {operation} | {_names(package.ACCEPTED, operation)} | {_names(package.NOT_EMULATED, operation)} |"
        for operation in served
    ]
    head = f"## {title}: {len(served)} of {known} operations\n\n| operation | accepted, without effect here | refused |\n|---|---|---|"
    return "\n".join([head, *rows, ""])


def _names(by_operation: Mapping[str, Mapping[str, str]], operation: str) -> str:
    named: Iterable[tuple[str, str]] = sorted(by_operation.get(operation, {}).items())
    return "; ".join(f"`{name}`: {why}" for name, why in named)


if __name__ == "__main__":
    PAGE.write_text(page())
