"""AWS's published examples of the transforms: the inputs and outputs of their pages, each test naming its page.

Of data sets with many records there are a few; fields come in the order of their names, as docs/fidelity.md says.
"""

import inspect
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql.functions import lit
from pyspark.sql.types import NullType

import awsglue.transforms as transforms
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.schemas import tree

PERSONS = """root
|-- family_name: string
|-- name: string
|-- links: array
|    |-- element: struct
|    |    |-- note: string
|    |    |-- url: string
|-- gender: string
|-- image: string
|-- identifiers: array
|    |-- element: struct
|    |    |-- scheme: string
|    |    |-- identifier: string
|-- other_names: array
|    |-- element: struct
|    |    |-- lang: string
|    |    |-- note: string
|    |    |-- name: string
|-- sort_name: string
|-- images: array
|    |-- element: struct
|    |    |-- url: string
|-- given_name: string
|-- birth_date: string
|-- id: string
|-- contact_details: array
|    |-- element: struct
|    |    |-- type: string
|    |    |-- value: string
|-- death_date: string
"""
MEMBERSHIPS = [
    "area_id",
    "on_behalf_of_id",
    "organization_id",
    "role",
    "person_id",
    "legislative_period_id",
    "start_date",
    "end_date",
]
NAMES = (
    ("Collins", "Michael", "1944-10-15"),
    ("Huizenga", "Bill", "1969-01-31"),
    ("Clawson", "Curtis", "1959-09-28"),
    ("Solomon", "Gerald", "1930-08-14"),
    ("Rigell", "Edward", "1960-05-28"),
    ("Crapo", "Michael", "1951-05-20"),
    ("Hutto", "Earl", "1926-05-12"),
    ("Ertel", "Allen", "1937-11-07"),
    ("Minish", "Joseph", "1916-09-01"),
    ("Andrews", "Robert", "1957-08-04"),
    ("Walden", "Greg", "1957-01-10"),
)
FRIENDS = (
    {"name": "Sally", "age": 23, "location": {"state": "WY", "county": "Fremont"}, "friends": []},
    {
        "name": "Varun",
        "age": 34,
        "location": {"state": "NE", "county": "Douglas"},
        "friends": [{"name": "Arjun", "age": 3}],
    },
    {
        "name": "George",
        "age": 52,
        "location": {"state": "NY"},
        "friends": [{"name": "Fred"}, {"name": "Amy", "age": 15}],
    },
    {"name": "Haruki", "age": 21, "location": {"state": "AK", "county": "Denali"}},
    {"name": "Sheila", "age": 63, "friends": [{"name": "Nancy", "age": 22}]},
)
CONTACTS = (
    (1, 0, "phone", "202-225-5265"),
    (1, 1, "twitter", "kathyhochul"),
    (3, 0, "fax", "202-225-1314"),
    (3, 1, "phone", "202-225-3772"),
    (3, 2, "twitter", "MikeRossUpdates"),
    (11, 0, "phone", "202-225-5476"),
    (11, 1, "twitter", "RepDavidYoung"),
    (13, 0, "fax", "202-226-0774"),
    (13, 1, "phone", "202-225-6335"),
)
CONTACT_FIELDS = ("id", "index", "contact_details.val.type", "contact_details.val.value")
MEDICARE = """DRG Definition,Provider Id,Provider Name,Provider Street Address,Provider City,Provider State,\
Provider Zip Code,Hospital Referral Region Description,Total Discharges,Average Covered Charges,\
Average Total Payments,Average Medicare Payments
039 - EXTRACRANIAL,10001,SOUTHEAST ALABAMA,1108 ROSS CLARK CIRCLE,DOTHAN,AL,36301,AL - Dothan,91,$32963.07,$5777.24,$4763.73
039 - EXTRACRANIAL,10023,BAPTIST MEDICAL,2105 EAST SOUTH BOULEVARD,MONTGOMERY,AL,36116,AL - Montgomery,67,$16920.79,$6653.80,$5374.14
039 - EXTRACRANIAL,50108,SUTTER GENERAL,2801 L STREET,SACRAMENTO,CA,95816,CA - Sacramento,25,$1.00,$2.00,$3.00
039 - EXTRACRANIAL,1,ELSEWHERE,1 MAIN STREET,MONTGOMERY,WV,25136,WV - Charleston,1,$1.00,$2.00,$3.00
"""
ADDRESS = """|-- {0}: struct
|    |-- Zip.Code: string
|    |-- City: string
|    |-- Array: array
|    |    |-- element: string
|    |-- State: string
|    |-- Street: string
"""
PROVIDERS = """root
|-- Average Total Payments: string
|-- Average Covered Charges: string
|-- DRG Definition: string
|-- Average Medicare Payments: string
|-- Hospital Referral Region Description: string
|-- Provider Id: string
|-- Total Discharges: string
|-- Provider Name: string
"""
Shape = dict[str, Any]


def shape(printed: str) -> Shape:
    """Return what ``printSchema`` prints as a tree without an order: AWS's pages have orders of their own."""
    root: Shape = {}
    open_at = [root]
    for line in printed.strip().splitlines():
        if line.startswith("|"):
            lead, _, field = line.partition("-- ")
            depth = lead.count("|")
            inner: Shape = {}
            open_at[depth - 1][field] = inner
            open_at[depth:] = [inner]
    return root


def shape_of(frame: DynamicFrame) -> Shape:
    return shape("\n".join(tree(frame.schema())))


def person(place: int = 0, **more: Any) -> dict[str, Any]:
    family, given, born = NAMES[place]
    return {
        **{"family_name": family, "name": f"{given} {family}", "sort_name": family, "given_name": given},
        **{"birth_date": born, "death_date": "2020-01-01", "id": f"p{place}", "gender": "male", "image": "http://i"},
        "links": [{"note": "website", "url": "http://w"}],
        "identifiers": [{"scheme": "bioguide", "identifier": "B1"}],
        "other_names": [{"lang": "en", "note": "alternate", "name": given}],
        "images": [{"url": "http://i"}],
        "contact_details": [{"type": "fax", "value": "202-225-3307"}, {"type": "phone", "value": "202-225-5731"}],
        **more,
    }


@pytest.fixture
def read(glue_context: GlueContext, tmp_path: Path) -> Callable[..., DynamicFrame]:
    """Return the records of a file with these lines, as a script reads it."""

    def read(*records: Any, format: str = "json", **options: Any) -> DynamicFrame:
        lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
        folder = tmp_path / f"read-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        (folder / "data").write_text("\n".join(lines) + "\n", "utf-8")
        made: DynamicFrame = glue_context.create_dynamic_frame.from_options(
            "s3", {"paths": [str(folder)]}, format, options
        )
        return made

    return read


@pytest.fixture
def persons(read: Any) -> Any:
    return read(*(person(place) for place in range(len(NAMES))))


@pytest.fixture
def organizations(read: Any) -> Any:
    return read(
        {
            "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
            "other_names": [{"lang": "en", "note": "multilingual", "name": "House"}],
            **{"id": "o1", "classification": "legislature", "name": "House of Representatives"},
            "links": [{"note": "website", "url": "http://h"}],
            **{"image": "http://o", "seats": 435, "type": "lower house"},
        }
    )


@pytest.fixture
def medicare(read: Any) -> Any:
    return read(MEDICARE.strip(), format="csv", withHeader=True)


def with_address(record: Any) -> Any:
    """Do what MergeAddress of the page does."""
    parts = [f"Provider {name}" for name in ("Street Address", "City", "State", "Zip Code")]
    values = [record[name] for name in parts]
    record["Address"] = dict(zip(("Street", "City", "State", "Zip.Code"), values, strict=True))
    record["Address"]["Array"] = values
    for name in parts:
        del record[name]
    return record


@pytest.fixture
def contacts(glue_context: GlueContext) -> DynamicFrame:
    schema = "id long, index int, `contact_details.val.type` string, `contact_details.val.value` string"
    return DynamicFrame.fromDF(glue_context.spark_session.createDataFrame(CONTACTS, schema), glue_context, "contacts")


def contact_rows(frame: DynamicFrame) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in CONTACT_FIELDS) for row in frame.toDF().collect())


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


def test_errors_as_dynamic_frame(read: Any) -> None:
    """Find the malformed record. On AWS it costs the record after it too.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ErrorsAsDynamicFrame.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-errorsAsDynamicFrame
    """
    frame = read(
        {"id": 1, "name": "george", "surname": "washington", "height": 178},
        '{"id": 2, "name": "benjamin", "surname": "franklin",',
        {"id": 3, "name": "alexander", "surname": "hamilton", "height": 171},
        {"id": 4, "name": "john", "surname": "jay", "height": 190},
    )
    assert shape_of(frame) == shape("|-- id: int\n|-- name: string\n|-- surname: string\n|-- height: int")
    assert [row["id"] for row in frame.toDF().collect()] == [1, 3, 4]
    assert frame.errorsCount() == 1
    for errors in (frame.errorsAsDynamicFrame(), transforms.ErrorsAsDynamicFrame.apply(frame)):
        error = errors.toDF().head()["error"].asDict()
        assert list(error) == ["callsite", "msg", "stackTrace", "input", "bytesread", "source", "dynamicRecord"]
        assert error["msg"] == "error in jackson reader"


def test_filter(medicare: Any) -> None:
    """Keep the providers of two cities by a lambda.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-filter.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-filter
    """

    def wanted(record: Any) -> bool:
        return record["Provider State"] in ["CA", "AL"] and record["Provider City"] in ["SACRAMENTO", "MONTGOMERY"]

    assert medicare.count() == 4
    for filtered in (medicare.filter(f=wanted), transforms.Filter.apply(frame=medicare, f=wanted)):
        assert sorted(row["Provider Id"] for row in filtered.toDF().collect()) == ["10023", "50108"]
        assert shape_of(filtered) == shape_of(medicare)


PEOPLE = (
    {
        "firstname": "Arnav",
        "lastname": "Desai",
        "address": {"street": "6 Anyroad Avenue", "city": "London", "state": "England", "country": "UK"},
        "phone": 17235550101,
        "affiliations": ["General Anonymous Example Products", "Example Independent Research"],
    },
    {
        "firstname": "Mary",
        "lastname": "Major",
        "address": {"street": "7821 Spot Place", "city": "Centerville", "state": "OK", "country": "US"},
        "phone": 19185550023,
        "affiliations": ["Example Dot Com", "Example Independent Research", "Example.io"],
    },
)


def test_flat_map(read: Any, rows: Any) -> None:
    """Run ResolveChoice on each frame of a collection.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-flat-map.html
    """
    split = read(*PEOPLE).split_fields(["firstname", "lastname", "address"], "personal_info", "business_info")
    resolve = {"choice": "cast:string"}
    flat = transforms.FlatMap.apply(
        split, transforms.ResolveChoice, frame_name="frame", transformation_ctx="tcx", **resolve
    )
    assert set(flat.keys()) == {"personal_info", "business_info"}
    personal, business = flat.select("personal_info"), flat.select("business_info")
    assert shape_of(personal) == shape(
        "|-- firstname: string\n|-- lastname: string\n|-- address: struct\n|    |-- street: string\n"
        "|    |-- city: string\n|    |-- state: string\n|    |-- country: string"
    )
    assert shape_of(business) == shape("|-- phone: long\n|-- affiliations: array\n|    |-- element: string")
    assert {row["phone"] for row in rows(business)} == {17235550101, 19185550023}


def test_join(persons: Any, organizations: Any, read: Any) -> None:
    """Combine persons, memberships and organizations.

    The page prints links and image once; both sides have them, and Glue puts a dot before the second one's name.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-join.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-join
    """
    memberships = read({name: "x" for name in MEMBERSHIPS} | {"person_id": "p1", "organization_id": "o1"})
    with_memberships = persons.join(paths1=["id"], paths2=["person_id"], frame2=memberships)
    renamed = organizations.drop_fields(["other_names", "identifiers"])
    renamed = renamed.rename_field("id", "org_id").rename_field("name", "org_name")
    joined = (
        renamed.join(paths1=["org_id"], paths2=["organization_id"], frame2=with_memberships),
        transforms.Join.apply(renamed, with_memberships, ["org_id"], ["organization_id"]),
    )
    wanted = shape(PERSONS) | {f"{name}: string": {} for name in MEMBERSHIPS if name != "person_id"}
    wanted |= {f"{name}: string": {} for name in ("org_name", "classification", "type")} | {"seats: int": {}}
    for combined in (one.drop_fields(["person_id", "org_id"]) for one in joined):
        printed = shape_of(combined)
        assert {name for name in printed if name.startswith(".")} == {".links: array", ".image: string"}
        assert {name: one for name, one in printed.items() if not name.startswith(".")} == wanted
        assert [row["family_name"] for row in combined.toDF().collect()] == ["Huizenga"]


def test_map(medicare: Any) -> None:
    """Merge address fields into a struct by a function.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-map.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-map
    """
    for mapped in (medicare.map(f=with_address), transforms.Map.apply(frame=medicare, f=with_address)):
        assert shape_of(mapped) == shape(PROVIDERS + ADDRESS.format("Address"))
    address = mapped.toDF().where("`Provider Id` = 10001").first()["Address"].asDict()
    assert (address["Zip.Code"], address["City"]) == ("36301", "DOTHAN")
    assert address["Array"] == ["1108 ROSS CLARK CIRCLE", "DOTHAN", "AL", "36301"]


def test_map_to_collection(contacts: DynamicFrame) -> None:
    """Apply a transform to each frame of a collection; the page has no example.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-MapToCollection.html
    """
    split = contacts.split_rows({"id": {">": 10}}, "high", "low")
    made = transforms.MapToCollection.apply(split, lambda frame, ctx: frame.select_fields(["id"]))
    assert {name: frame.count() for name, frame in made.items()} == {"high": 4, "low": 5}
    assert all(shape_of(frame) == {"id: long": {}} for frame in made.values())


def test_merge_dynamic_frame(contacts: DynamicFrame) -> None:
    """Merge the rows with low ids into those with high ones: nothing is lost.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-merge
    """
    split = contacts.split_rows({"id": {">": 10}}, "high", "low")
    merged = split["high"].mergeDynamicFrame(stage_dynamic_frame=split["low"], primary_keys=["id"])
    assert contact_rows(merged) == sorted(CONTACTS)
    assert [row["index"] for row in merged.toDF().where("id = 1 or id = 11").orderBy("id", "index").collect()] == [
        *(0, 1),
        *(0, 1),
    ]


def test_relationalize(persons: Any, tmp_path: Path) -> None:
    """Give each array a table; the collection's keys and the table of contact details are as printed.

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


@pytest.fixture
def provider_ids(glue_context: GlueContext) -> DynamicFrame:
    """Ids of type long, and the word that is not one."""
    session = glue_context.spark_session
    longs = DynamicFrame.fromDF(session.createDataFrame([(10001,), (10005,)], "`provider id` long"), glue_context)
    return longs.union(DynamicFrame.fromDF(session.createDataFrame([("word",)], "`provider id` string"), glue_context))


def test_resolve_choice(provider_ids: DynamicFrame) -> None:
    """Cast a column of two types to one, and make a column of each.

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
    """Choose two fields.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-SelectFields.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-select_fields
    """
    paths = ["family_name", "given_name"]
    for names in (persons.select_fields(paths=paths), transforms.SelectFields.apply(persons, paths)):
        assert shape_of(names) == shape("|-- family_name: string\n|-- given_name: string")
        assert [tuple(row) for row in names.toDF().collect()] == [one[:2] for one in NAMES]


def test_split_rows_and_select_from_collection(contacts: DynamicFrame) -> None:
    """Split by id into high and low, and take each.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-SplitRows.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-SelectFromCollection.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-split_rows
    """
    test = {"id": {">": 10}}
    for split in (contacts.split_rows(test, "high", "low"), transforms.SplitRows.apply(contacts, test, "high", "low")):
        assert list(split.keys()) == ["high", "low"]
        low = transforms.SelectFromCollection.apply(dfc=split, key="low")
        high = transforms.SelectFromCollection.apply(dfc=split, key="high")
        assert contact_rows(low) == [one for one in CONTACTS if one[0] <= 10]
        assert contact_rows(high) == [one for one in CONTACTS if one[0] > 10]


def test_split_fields(contacts: DynamicFrame) -> None:
    """Split id and index off.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-SplitFields.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-split_fields
    """
    paths = ["id", "index"]
    by_class = transforms.SplitFields.apply(contacts, paths, "left", "right")
    for split in (contacts.split_fields(paths, "left", "right"), by_class):
        assert shape_of(split.select("left")) == shape("|-- id: long\n|-- index: int")
        assert shape_of(split.select("right")) == shape(
            "|-- contact_details.val.type: string\n|-- contact_details.val.value: string"
        )


def test_spigot(persons: Any, tmp_path: Path) -> None:
    """Write the first ten records as lines of JSON.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-spigot.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-spigot
    """
    chosen = persons.select_fields(paths=["family_name", "given_name", "birth_date"])
    for place, write in enumerate((chosen.spigot, lambda **told: transforms.Spigot.apply(chosen, **told))):
        folder = tmp_path / f"spigot-{place}"
        assert write(path=str(folder), options={"topk": 10}).count() == len(NAMES)
        lines = [line for part in folder.glob("part-*") for line in part.read_text().splitlines()]
        assert lines[0] == '{"family_name":"Collins","given_name":"Michael","birth_date":"1944-10-15"}'
        assert [json.loads(line)["family_name"] for line in lines] == [one[0] for one in NAMES[:10]]


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
    """Make a struct's fields top-level ones; its array stays.

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
    """Take DynamoDB's wrappers off; maps stay nested.

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
    """Take DynamoDB's wrappers off and make attributes columns.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-unnest_ddb_json
    """
    item = {"ColA": {"S": "a"}, "ColB": {"S": "b"}, "ColC": {"N": "1"}, "ColD": {"L": []}}
    assert shape_of(read({"Item": item}).unnest_ddb_json()) == shape(
        "|-- ColA: string\n|-- ColB: string\n|-- ColC: string\n|-- ColD: array\n|    |-- element: null"
    )


def test_union(contacts: DynamicFrame) -> None:
    """Take all records of both; the page has no example.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-union
    """
    for both in (contacts.union(contacts), transforms.Union.apply(contacts, contacts)):
        assert contact_rows(both) == sorted(CONTACTS * 2)


def test_repartition_and_coalesce(contacts: DynamicFrame) -> None:
    """Have so many partitions; the page has no example.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-repartition
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-coalesce
    """
    spread = [contacts.repartition(4), transforms.Repartition.apply(contacts, 4)]
    assert [frame.getNumPartitions() for frame in spread] == [4, 4]
    gathered = [spread[0].coalesce(2), transforms.Coalesce.apply(spread[0], 2)]
    assert [frame.getNumPartitions() for frame in gathered] == [2, 2]
    assert contact_rows(gathered[0]) == sorted(CONTACTS)


PAGE = re.compile(r"https://docs\.aws\.amazon\.com/\S+")
METHODS = PAGE.pattern.replace(r"\S+", r"\S+-extensions-dynamic-frame-(\w+)")
# Not on AWS's page.
WITHOUT_A_PAGE = {"drop_null_fields", "mapPartitions", "mapPartitionsWithIndex"}


def examples() -> str:
    tests = inspect.getmembers(sys.modules[__name__], inspect.isfunction)
    return "\n".join(test.__doc__ or "" for name, test in tests if name.startswith("test_"))


def test_every_transform_has_an_example_that_names_its_page() -> None:
    emulated = [one for one in transforms.get_transforms() if one.returns is not None]
    pages = {page for one in emulated for page in PAGE.findall(one.__doc__ or "")}
    assert len(pages) == len(emulated)
    assert pages - set(PAGE.findall(examples())) == set()


def test_every_method_that_transforms_has_an_example_that_names_its_page() -> None:
    methods = inspect.getmembers(DynamicFrame, inspect.isfunction)
    takes_a_context = {name for name, one in methods if "transformation_ctx" in inspect.signature(one).parameters}
    named = {{"merge": "mergeDynamicFrame"}.get(name, name) for name in re.findall(METHODS, examples())}
    assert takes_a_context | {"simplify_ddb_json", "errorsAsDynamicFrame"} == named | WITHOUT_A_PAGE
