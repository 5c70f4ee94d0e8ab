"""The examples on AWS's pages for transforms of records and frames; each test names its page."""

import json
from pathlib import Path
from typing import Any

import awsglue.transforms as transforms
from awsglue.dynamicframe import DynamicFrame
from tests.awsglue.examples.data import (
    ADDRESS,
    CONTACTS,
    MEMBERSHIPS,
    NAMES,
    PEOPLE,
    PERSONS,
    PROVIDERS,
    contact_rows,
    shape,
    shape_of,
    with_address,
)


def test_errors_as_dynamic_frame(read: Any) -> None:
    """Find the malformed record. On AWS the next record is lost as well.

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
    """Keep the providers of two cities with a lambda.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-filter.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-filter
    """

    def wanted(record: Any) -> bool:
        return record["Provider State"] in ["CA", "AL"] and record["Provider City"] in ["SACRAMENTO", "MONTGOMERY"]

    assert medicare.count() == 4
    for filtered in (medicare.filter(f=wanted), transforms.Filter.apply(frame=medicare, f=wanted)):
        assert sorted(row["Provider Id"] for row in filtered.toDF().collect()) == ["10023", "50108"]
        assert shape_of(filtered) == shape_of(medicare)


def test_flat_map(read: Any, rows: Any) -> None:
    """Run ResolveChoice on each frame of a collection; the page's file is an array that spans lines.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-flat-map.html
    """
    split = read(json.dumps(PEOPLE, indent=4)).split_fields(
        ["firstname", "lastname", "address"], "personal_info", "business_info"
    )
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
    """Merge address fields into a struct with a function.

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
    """Merge the rows with low ids into the rows with high ids; no row is lost.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-merge
    """
    split = contacts.split_rows({"id": {">": 10}}, "high", "low")
    merged = split["high"].mergeDynamicFrame(stage_dynamic_frame=split["low"], primary_keys=["id"])
    assert contact_rows(merged) == sorted(CONTACTS)
    assert [row["index"] for row in merged.toDF().where("id = 1 or id = 11").orderBy("id", "index").collect()] == [
        *(0, 1),
        *(0, 1),
    ]


def test_split_rows_and_select_from_collection(contacts: DynamicFrame) -> None:
    """Split by id into high and low, and select each frame.

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
    """Split off id and index.

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
    """Write the first ten records as JSON lines.

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


def test_union(contacts: DynamicFrame) -> None:
    """Combine the records of two frames; the page has no example.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-union
    """
    for both in (contacts.union(contacts), transforms.Union.apply(contacts, contacts)):
        assert contact_rows(both) == sorted(CONTACTS * 2)


def test_repartition_and_coalesce(contacts: DynamicFrame) -> None:
    """Set the number of partitions; the page has no example.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-repartition
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-coalesce
    """
    spread = [contacts.repartition(4), transforms.Repartition.apply(contacts, 4)]
    assert [frame.getNumPartitions() for frame in spread] == [4, 4]
    gathered = [spread[0].coalesce(2), transforms.Coalesce.apply(spread[0], 2)]
    assert [frame.getNumPartitions() for frame in gathered] == [2, 2]
    assert contact_rows(gathered[0]) == sorted(CONTACTS)
