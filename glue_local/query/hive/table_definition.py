"""Convert sqlglot's CREATE TABLE tree to a plain value."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlglot import exp

from glue_local.query.hive import failures, storage
from glue_local.query.hive.columns import Column, columns_of, parse_create
from glue_local.query.hive.cursor import Cursor, Name
from glue_local.query.hive.dialects import HiveStatements


@dataclass(frozen=True)
class Definition:
    """The clauses of CREATE TABLE."""

    name: Name
    if_not_exists: bool = False
    external: bool = False
    columns: list[Column] = field(default_factory=list)
    comment: str | None = None
    partition_columns: list[Column] = field(default_factory=list)
    partition_terms: list[str] = field(default_factory=list)
    """Iceberg's ``PARTITIONED BY (category, bucket(16, id))``, in Trino's spelling."""
    bucket_columns: list[str] = field(default_factory=list)
    sort_columns: list[dict[str, Any]] = field(default_factory=list)
    buckets: int = -1
    row_format: storage.RowFormat | None = None
    stored_as: storage.Format | None = None
    location: str | None = None
    properties: dict[str, str] = field(default_factory=dict)


def read(cursor: Cursor) -> Definition:
    """Consume CREATE [EXTERNAL] TABLE in Hive's form."""
    cursor.expect("CREATE")
    cursor.accept("EXTERNAL")
    cursor.expect("TABLE")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    # sqlglot accepts names in double quotes, Hive does not.
    name = cursor.table()
    create = parse_create(cursor.sql)
    schema = create.this
    if not isinstance(schema, exp.Schema):
        raise failures.semantic(f"CREATE TABLE needs a list of columns: {create.sql(HiveStatements)}")
    definition = Definition(name, if_not_exists, columns=columns_of(schema.expressions))
    for clause in _clauses(create):
        definition = _with(definition, clause)
    return definition


def _clauses(create: exp.Create) -> Iterator[exp.Expression]:
    properties = create.args.get("properties")
    return iter(properties.expressions if properties else [])


def _with(definition: Definition, clause: exp.Expression) -> Definition:
    read_clause = _READERS.get(type(clause))
    if read_clause is None:
        spelled = clause.sql(HiveStatements)
        raise failures.semantic(f"Athena's CREATE TABLE has no clause {spelled}")
    return replace(definition, **read_clause(clause, definition))


def _partitioned(clause: exp.Expression, _: Definition) -> dict[str, Any]:
    terms = clause.this.expressions
    if all(isinstance(term, exp.ColumnDef) for term in terms):
        return {"partition_columns": columns_of(terms)}
    return {"partition_terms": [_term(term) for term in terms]}


def _term(term: exp.Expression) -> str:
    """Return an Iceberg partition term in Trino's spelling, with the column first."""
    if isinstance(term, exp.Identifier):
        return term.name.lower()
    column = term.find(exp.Column)
    if column is None:
        raise failures.semantic(f"PARTITIONED BY has an unknown term: {term.sql(HiveStatements)}")
    if isinstance(term, exp.PartitionedByBucket):
        return f"bucket({column.name.lower()}, {term.expression.name})"
    if isinstance(term, exp.PartitionByTruncate):
        return f"truncate({column.name.lower()}, {term.expression.name})"
    function = term.sql_name() if isinstance(term, exp.Year | exp.Month | exp.Day | exp.Hour) else term.name
    if function.lower() not in ("year", "month", "day", "hour"):
        raise failures.semantic(f"PARTITIONED BY has an unknown transform: {term.sql(HiveStatements)}")
    return f"{function.lower()}({column.name.lower()})"


def _clustered(clause: exp.Expression, _: Definition) -> dict[str, Any]:
    order = [
        {"Column": each.this.name.lower(), "SortOrder": 0 if each.args.get("desc") else 1}
        for each in clause.args.get("sorted_by") or []
    ]
    names = [each.name.lower() for each in clause.expressions]
    return {"bucket_columns": names, "sort_columns": order, "buckets": int(clause.args["buckets"].name)}


def _serde(clause: exp.Expression, _: Definition) -> dict[str, Any]:
    if clause.this.name not in storage.SERDES:
        raise failures.semantic(f"Cannot validate serde: {clause.this.name}")
    return {"row_format": storage.RowFormat(clause.this.name, _pairs(clause.args.get("serde_properties")))}


def _delimited(clause: exp.Expression, _: Definition) -> dict[str, Any]:
    given = {name: each.name for name, each in clause.args.items() if name in storage.DELIMITERS and each is not None}
    return {"row_format": storage.delimited(given)}


def _serde_properties(clause: exp.Expression, definition: Definition) -> dict[str, Any]:
    # Written after STORED AS instead of ROW FORMAT SERDE.
    before = definition.row_format or storage.RowFormat()
    return {"row_format": replace(before, properties={**before.properties, **_pairs(clause)})}


def _stored(clause: exp.Expression, _: Definition) -> dict[str, Any]:
    if isinstance(clause.this, exp.InputOutputFormat):
        classes = [clause.this.args.get(which) for which in ("input_format", "output_format")]
        if None in classes:
            raise failures.semantic("STORED AS needs both INPUTFORMAT and OUTPUTFORMAT")
        return {"stored_as": storage.Format("", *(each.name for each in classes if each is not None))}
    name = clause.this.name.upper() if isinstance(clause.this, exp.Expression) else ""
    if name not in storage.FORMATS:
        raise failures.semantic(f"Unrecognized file format in STORED AS clause: '{name}'")
    return {"stored_as": storage.FORMATS[name]}


def _property(clause: exp.Expression, definition: Definition) -> dict[str, Any]:
    return {"properties": {**definition.properties, clause.this.name: clause.args["value"].name}}


def _pairs(properties: exp.Expression | None) -> dict[str, str]:
    return {} if properties is None else {each.this.name: each.args["value"].name for each in properties.expressions}


_READERS: dict[type, Callable[[Any, Definition], dict[str, Any]]] = {
    exp.ExternalProperty: lambda _clause, _definition: {"external": True},
    exp.SchemaCommentProperty: lambda clause, _: {"comment": clause.this.name},
    exp.PartitionedByProperty: _partitioned,
    exp.ClusteredByProperty: _clustered,
    exp.RowFormatSerdeProperty: _serde,
    exp.RowFormatDelimitedProperty: _delimited,
    exp.SerdeProperties: _serde_properties,
    exp.FileFormatProperty: _stored,
    exp.LocationProperty: lambda clause, _: {"location": clause.this.name},
    exp.Property: _property,
}
