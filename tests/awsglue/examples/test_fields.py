"""The examples on AWS's pages for transforms of fields; each test names its page."""

import json
from pathlib import Path
from typing import Any

from pyspark.sql.functions import lit
from pyspark.sql.types import NullType

import awsglue.transforms as transforms
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from tests.awsglue.examples.data import ADDRESS, FRIENDS, NAMES, PERSONS, PROVIDERS, shape, shape_of, with_address


def test_apply_mapping(persons: Any) -> None:
    """Rename fields and change a type.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ApplyMapping.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-apply_mapping
    """
    mappings = [
        ("family_name", "String", "last_name", "String"),
        ("name", "String", "first_name", "String"),
        ("birth_date", "String", "date_of_birth", "Date"),
    ]
    assert shape_of(persons) == shape(PERSONS)
    for mapped in (persons.apply_mapping(mappings), transforms.ApplyMapping.apply(persons, mappings)):
        assert shape_of(mapped) == shape("|-- last_name: string\n|-- first_name: string\n|-- date_of_birth: date")
        assert str(mapped.toDF().first()["date_of_birth"]) == "1944-10-15"


def test_drop_fields(read: Any) -> None:
    """Drop top-level and nested fields, also of structs in arrays.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-DropFields.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-drop_fields
    """
    friends, paths = read(*FRIENDS), ["age", "location.county", "friends.age"]
    assert shape_of(friends) == shape(
        "|-- name: string\n|-- age: int\n|-- location: struct\n|    |-- state: string\n|    |-- county: string\n"
        "|-- friends: array\n|    |-- element: struct\n|    |    |-- name: string\n|    |    |-- age: int"
    )
    for dropped in (friends.drop_fields(paths), transforms.DropFields.apply(friends, paths)):
        assert shape_of(dropped) == shape(
            "|-- name: string\n|-- location: struct\n|    |-- state: string\n"
            "|-- friends: array\n|    |-- element: struct\n|    |    |-- name: string"
        )
        assert dropped.count() == 5


def test_drop_null_fields(persons: Any, glue_context: GlueContext, capsys: Any) -> None:
    """Drop the column whose type is null, and print its name.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-DropNullFields.html
    """
    data = persons.toDF().withColumn("empty_column", lit(None).cast(NullType()))
    with_nulls = DynamicFrame.fromDF(data, glue_context, "persons_with_nulls")
    assert shape_of(with_nulls) == shape(PERSONS) | {"empty_column: null": {}}
    assert shape_of(transforms.DropNullFields.apply(with_nulls)) == shape(PERSONS)
    assert capsys.readouterr().out == "null_fields ['empty_column']\n"


def test_relationalize(persons: Any, tmp_path: Path) -> None:
    """Create a table for each array; compares the collection's keys and the table of contact details.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-Relationalize.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-relationalize
    """
    arrays = ("images", "links", "other_names", "contact_details", "identifiers")
    tables = (
        persons.relationalize("l_root", str(tmp_path / "t")),
        transforms.Relationalize.apply(persons, str(tmp_path / "t"), "l_root"),
    )
    for made in tables:
        assert set(made.keys()) == {"l_root", *(f"l_root_{name}" for name in arrays)}
        details = made.select("l_root_contact_details")
        assert shape_of(details) == shape(
            "|-- id: long\n|-- index: int\n|-- contact_details.val.type: string\n|-- contact_details.val.value: string"
        )
        key = made.select("l_root").toDF().where("family_name = 'Collins'").first()["contact_details"]
        found = details.toDF().where(f"id = {key}").orderBy(["id", "index"]).collect()
        assert [tuple(row)[1:] for row in found] == [(0, "fax", "202-225-3307"), (1, "phone", "202-225-5731")]


def test_rename_field(organizations: Any) -> None:
    """Rename two fields one after the other.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-RenameField.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-rename_field
    """
    before = shape_of(organizations)
    kept = {name: one for name, one in before.items() if name not in ("id: string", "name: string")}
    assert len(kept) == len(before) - 2
    by_class = transforms.RenameField.apply(
        transforms.RenameField.apply(organizations, "id", "org_id"), "name", "org_name"
    )
    for renamed in (organizations.rename_field("id", "org_id").rename_field("name", "org_name"), by_class):
        assert shape_of(renamed) == kept | {"org_id: string": {}, "org_name: string": {}}


def test_resolve_choice(provider_ids: DynamicFrame) -> None:
    """Cast a column with two types to one of them, and split it into two columns.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ResolveChoice.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-resolveChoice
    """
    assert shape_of(provider_ids) == shape("|-- provider id: choice\n|    |-- long\n|    |-- string")
    assert [tuple(row[0]) for row in provider_ids.toDF().collect()] == [(10001, None), (10005, None), (None, "word")]
    cast, cols = [("provider id", "cast:long")], "make_cols"
    for made in (provider_ids.resolveChoice(specs=cast), transforms.ResolveChoice.apply(provider_ids, specs=cast)):
        assert shape_of(made) == {"provider id: long": {}}
        assert [row[0] for row in made.toDF().collect()] == [10001, 10005, None]
    for made in (provider_ids.resolveChoice(choice=cols), transforms.ResolveChoice.apply(provider_ids, choice=cols)):
        assert shape_of(made) == {"provider id_long: long": {}, "provider id_string: string": {}}
        found = made.toDF().select("provider id_long", "provider id_string").collect()
        assert [tuple(row) for row in found] == [(10001, None), (10005, None), (None, "word")]


def test_resolve_choice_in_an_array(read: Any) -> None:
    """Select the numeric version of the price by ``myList[].price``.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ResolveChoice.html
    """
    prices = read({"myList": [{"price": 100.00}, {"price": "$100.00"}]})
    made = prices.resolveChoice(specs=[("myList[].price", "cast:double")])
    assert [one["price"] for one in made.toDF().first()["myList"]] == [100.0, None]


def test_select_fields(persons: Any) -> None:
    """Select two fields.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-SelectFields.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-select_fields
    """
    paths = ["family_name", "given_name"]
    for names in (persons.select_fields(paths=paths), transforms.SelectFields.apply(persons, paths)):
        assert shape_of(names) == shape("|-- family_name: string\n|-- given_name: string")
        assert [tuple(row) for row in names.toDF().collect()] == [one[:2] for one in NAMES]


def test_unbox(medicare: Any) -> None:
    """Turn a field's JSON into a struct.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-Unbox.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-unbox
    """

    def with_string(record: Any) -> Any:
        made = with_address(record)
        made["AddressString"] = json.dumps(made["Address"])
        return made

    boxed = medicare.map(f=with_string)
    wanted = shape(PROVIDERS + ADDRESS.format("Address"))
    assert shape_of(boxed) == wanted | {"AddressString: string": {}}
    by_class = transforms.Unbox.apply(boxed, "AddressString", "json")
    for unboxed in (boxed.unbox("AddressString", "json"), by_class):
        assert shape_of(unboxed) == wanted | shape(ADDRESS.format("AddressString"))
        address = unboxed.toDF().where("`Provider Id` = 10001").first()["AddressString"]
        assert (address["Street"], address["Zip.Code"]) == ("1108 ROSS CLARK CIRCLE", "36301")


def test_unnest(medicare: Any) -> None:
    """Turn a struct's fields into top-level fields; the array is unchanged.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-UnnestFrame.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-unnest
    """
    mapped = medicare.map(f=with_address)
    for unnested in (mapped.unnest(), transforms.UnnestFrame.apply(mapped)):
        assert shape_of(unnested) == shape(
            PROVIDERS + "|-- Address.Zip.Code: string\n|-- Address.City: string\n|-- Address.Array: array\n"
            "|    |-- element: string\n|-- Address.State: string\n|-- Address.Street: string"
        )


def test_simplify_ddb_json(read: Any) -> None:
    """Remove DynamoDB's type wrappers; maps stay nested.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-simplify_ddb_json
    """
    child = {"M": {"appName": {"S": "a"}, "packageName": {"S": "p"}, "updatedAt": {"N": "1"}}}
    item = {
        "parentMap": {"M": {"childMap": child}},
        **{"strings": {"SS": ["s"]}, "numbers": {"NS": ["1"]}, "binaries": {"BS": ["YQ=="]}},
        **{"isDDBJson": {"BOOL": True}, "nullValue": {"NULL": True}},
    }
    assert shape_of(read({"Item": item}).simplify_ddb_json()) == shape(
        "|-- parentMap: struct\n|    |-- childMap: struct\n|    |    |-- appName: string\n"
        "|    |    |-- packageName: string\n|    |    |-- updatedAt: string\n"
        "|-- strings: array\n|    |-- element: string\n|-- numbers: array\n|    |-- element: string\n"
        "|-- binaries: array\n|    |-- element: string\n|-- isDDBJson: boolean\n|-- nullValue: null"
    )


def test_unnest_ddb_json(read: Any) -> None:
    """Remove DynamoDB's type wrappers and turn attributes into columns.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-unnest_ddb_json
    """
    item = {"ColA": {"S": "a"}, "ColB": {"S": "b"}, "ColC": {"N": "1"}, "ColD": {"L": []}}
    assert shape_of(read({"Item": item}).unnest_ddb_json()) == shape(
        "|-- ColA: string\n|-- ColB: string\n|-- ColC: string\n|-- ColD: array\n|    |-- element: null"
    )
