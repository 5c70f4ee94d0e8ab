"""The records and schemas of AWS's pages, and functions to compare with what the pages print.

Large data sets are reduced to a few records; fields are sorted by name (docs/fidelity.md).
"""

from typing import Any

from awsglue.columns.schemas import tree
from awsglue.dynamicframe import DynamicFrame

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
Shape = dict[str, Any]


def shape(printed: str) -> Shape:
    """Return the output of ``printSchema`` as a tree without an order, because AWS's pages vary in order."""
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


def with_address(record: Any) -> Any:
    """The function MergeAddress of AWS's page."""
    parts = [f"Provider {name}" for name in ("Street Address", "City", "State", "Zip Code")]
    values = [record[name] for name in parts]
    record["Address"] = dict(zip(("Street", "City", "State", "Zip.Code"), values, strict=True))
    record["Address"]["Array"] = values
    for name in parts:
        del record[name]
    return record


def contact_rows(frame: DynamicFrame) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in CONTACT_FIELDS) for row in frame.toDF().collect())
