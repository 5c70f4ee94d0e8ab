"""GetPlan's graph: a catalog table, its mapping, and the sinks, as Glue's console proposed them."""

import ast
from collections.abc import Sequence
from typing import Any

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.script_generation.dag import SINK, SOURCE, Argument, Node
from glue_local.script_generation.python_source import literal

_TEXT_FORMATS = ("csv", "json")
Entry = dict[str, str]


def plan(
    source: dict[str, Any],
    mapping: Sequence[Entry],
    sinks: Sequence[dict[str, Any]],
    location: dict[str, Any],
    options: dict[str, str],
) -> list[Node]:
    """Return the nodes of a script that maps ``source`` to each of ``sinks`` and to ``location``.

    A catalog sink gets SelectFields and ResolveChoice to the table's types; files in Parquet, ORC or Avro, DynamoDB and
    JDBC get ResolveChoice and DropNullFields. Raises Invalid, and NotEmulated for inferSchema.
    """
    _check_options(options)
    if not mapping:
        raise Invalid("Mapping must have at least one entry.")
    chain = _Chain()
    chain.add(SOURCE, database=literal(source["DatabaseName"]), table_name=literal(source["TableName"]))
    read = chain.last
    for sink in sinks:
        _to_catalog(
            chain, read, [each for each in mapping if each.get("TargetTable") in (None, sink["TableName"])], sink
        )
    places = [(kind, arguments) for kind, arguments in location.items() if arguments]
    for kind, arguments in places:
        _to_location(chain, read, mapping, kind, {each["Name"]: _value(each) for each in arguments})
    if not sinks and not places:
        chain.map(read, mapping)
    return chain.nodes


class _Chain:
    """Nodes one after the other; their ids have the type in lower case and their number."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    @property
    def last(self) -> str:
        return self.nodes[-1].id

    def add(self, kind: str, after: str = "", /, **arguments: str | Argument) -> None:
        name = f"{kind.lower()}{len(self.nodes)}"
        given = [one if isinstance(one, Argument) else Argument(key, one) for key, one in arguments.items()]
        inputs = (("frame", after),) if after else ()
        self.nodes.append(Node(name, kind, (*given, Argument("transformation_ctx", literal(name))), inputs))

    def map(self, after: str, mapping: Sequence[Entry]) -> None:
        self.add("ApplyMapping", after, mapping=literal([_mapped(entry) for entry in mapping]))


def _to_catalog(chain: _Chain, read: str, mapping: Sequence[Entry], sink: dict[str, Any]) -> None:
    if not mapping:
        raise Invalid(f"Mapping has no entry with the TargetTable {sink['TableName']}.")
    table = {"database": literal(sink["DatabaseName"]), "table_name": literal(sink["TableName"])}
    chain.map(read, mapping)
    chain.add("SelectFields", chain.last, paths=literal([_mapped(entry)[2] for entry in mapping]))
    chain.add("ResolveChoice", chain.last, choice='"MATCH_CATALOG"', **table)
    chain.add(SINK, chain.last, **table)


def _to_location(chain: _Chain, read: str, mapping: Sequence[Entry], kind: str, given: dict[str, Any]) -> None:
    chain.map(read, mapping)
    if kind == "S3":
        _to_s3(chain, given)
    elif kind == "DynamoDB":
        _resolve(chain, "make_struct")
        chain.add(SINK, chain.last, connection_type='"dynamodb"', connection_options=literal(given))
    else:
        _to_jdbc(chain, given)


def _to_s3(chain: _Chain, given: dict[str, Any]) -> None:
    if "path" not in given:
        raise Invalid("Location.S3 needs an argument path.")
    written = given.pop("format", "parquet")
    formats = {"format_options": literal(given.pop("format_options"))} if "format_options" in given else {}
    if written not in _TEXT_FORMATS:
        _resolve(chain, "make_struct")
    options = {"connection_type": '"s3"', "connection_options": literal(given), "format": literal(written)}
    chain.add(SINK, chain.last, **options, **formats)


def _to_jdbc(chain: _Chain, given: dict[str, Any]) -> None:
    connection = given.pop("catalog_connection", None) or given.pop("connectionName", None)
    if not connection or "dbtable" not in given:
        raise Invalid("Location.Jdbc needs the arguments catalog_connection and dbtable.")
    _resolve(chain, "make_cols")
    temporary = {}
    if "redshift_tmp_dir" in given:
        temporary["redshift_tmp_dir"] = literal(given.pop("redshift_tmp_dir"))
    chain.add(SINK, chain.last, catalog_connection=literal(connection), connection_options=literal(given), **temporary)


def _resolve(chain: _Chain, choice: str) -> None:
    chain.add("ResolveChoice", chain.last, choice=literal(choice))
    chain.add("DropNullFields", chain.last)


def _mapped(entry: Entry) -> tuple[str, str, str, str]:
    source = entry.get("SourcePath")
    if not source:
        raise Invalid("Each entry of Mapping needs a SourcePath.")
    kind = entry.get("SourceType") or "string"
    return (source, kind, entry.get("TargetPath") or source, entry.get("TargetType") or kind)


def _value(argument: dict[str, Any]) -> Any:
    """Return the value of a location's argument: a Python literal, or text as it is."""
    text = argument["Value"]
    if argument.get("Param"):
        raise NotEmulated(f"glue-local does not emulate Param of a Location's arguments ({argument['Name']}).")
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return text


def _check_options(options: dict[str, str]) -> None:
    for name, value in options.items():
        if name != "inferSchema" or value not in ("true", "false"):
            raise Invalid(f"AdditionalPlanOptionsMap takes inferSchema with true or false, not {name}={value}.")
        if value == "true":
            raise NotEmulated(
                "glue-local does not emulate GetPlan's inferSchema (for streaming sources): leave it out."
            )
