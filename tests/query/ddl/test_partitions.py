"""ALTER TABLE ADD, DROP, RENAME PARTITION, MSCK REPAIR TABLE and SHOW PARTITIONS."""

from collections.abc import Callable

import pytest

from glue_local.query.session import Session
from glue_local.query.statement import Outcome

Run = Callable[[str], Outcome]
Failure = Callable[[str], str]

TASK = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask."


@pytest.fixture(autouse=True)
def orders(run: Run, bucket: str) -> None:
    run(
        f"""CREATE EXTERNAL TABLE orders (id int) PARTITIONED BY (dt string, country string)
        STORED AS PARQUET LOCATION 's3://{bucket}/orders'"""
    )


@pytest.fixture
def locations(session: Session) -> Callable[[str], dict[tuple[str, ...], str]]:
    def found(table: str) -> dict[tuple[str, ...], str]:
        answer = session.glue.get_partitions(DatabaseName="db", TableName=table)["Partitions"]
        return {tuple(each["Values"]): each["StorageDescriptor"]["Location"] for each in answer}

    return found


Locations = Callable[[str], dict[tuple[str, ...], str]]


def test_alter_table_add_partition_html(run: Run, locations: Locations, bucket: str, session: Session) -> None:
    run("ALTER TABLE orders ADD PARTITION (dt = '2016-05-14', country = 'IN')")
    run(
        """ALTER TABLE orders ADD IF NOT EXISTS
        PARTITION (dt = '2016-05-14', country = 'IN') LOCATION 's3://not/used/'
        PARTITION (country = 'IN', dt = '2016-05-31') LOCATION 's3://amzn-s3-demo-bucket/path/to/INDIA_31_May_2016/'
        PARTITION (dt = '2016/06', country = 'a b')"""
    )
    assert locations("orders") == {
        ("2016-05-14", "IN"): f"s3://{bucket}/orders/dt=2016-05-14/country=IN",
        ("2016-05-31", "IN"): "s3://amzn-s3-demo-bucket/path/to/INDIA_31_May_2016/",
        ("2016/06", "a b"): f"s3://{bucket}/orders/dt=2016%2F06/country=a b",
    }
    partition = session.glue.get_partitions(DatabaseName="db", TableName="orders")["Partitions"][0]
    assert partition["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"].endswith("ParquetHiveSerDe")
    assert partition["StorageDescriptor"]["Columns"] == [{"Name": "id", "Type": "int"}]


def test_more_partitions_than_one_glue_request_allows_are_added_and_dropped(run: Run, locations: Locations) -> None:
    run("ALTER TABLE orders ADD " + " ".join(f"PARTITION (dt='{n:03}', country='BE')" for n in range(230)))
    assert len(locations("orders")) == 230
    run("ALTER TABLE orders DROP PARTITION (dt < '200')")
    assert len(locations("orders")) == 30


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("ADD PARTITION (dt='1', country='BE')", f"{TASK} AlreadyExistsException(message:Partition already exists.)"),
        ("ADD PARTITION (dt='2')", "FAILED: SemanticException partition spec {dt=2} doesn't contain all (2) partition columns"),
        ("ADD PARTITION (dt='2', land='BE')", "FAILED: SemanticException [Error 10098]: Non-Partition column appears in the partition specification:  land"),
        ("ADD PARTITION (dt='2', country='BE') LOCATION 'x'", "FAILED: SemanticException Invalid location x: use s3://bucket/folder/"),
        ("ADD PARTITION (dt)", "FAILED: ParseException line 1:36 mismatched input ')' expecting = near 'dt'"),
        ("DROP PARTITION (dt='2')", "FAILED: SemanticException [Error 10006]: Partition not found (dt = '2')"),
        ("DROP PARTITION (dt LIKE '2')", "FAILED: ParseException line 1:38 mismatched input 'LIKE' expecting = near 'dt'"),
        ("PARTITION (dt='2', country='BE') SET LOCATION 's3://b/'", "FAILED: SemanticException [Error 10006]: Partition not found {dt=2, country=BE}"),
        ("PARTITION (dt='1', country='BE') RENAME TO PARTITION (dt='2')", "FAILED: SemanticException partition spec {dt=2} doesn't contain all (2) partition columns"),
    ],
)  # fmt: skip
def test_invalid_statements_are_refused(run: Run, failure: Failure, form: str, message: str) -> None:
    run("ALTER TABLE orders ADD PARTITION (dt='1', country='BE')")
    assert failure(f"ALTER TABLE orders {form}") == message


def test_alter_table_drop_partition_html(run: Run, locations: Locations) -> None:
    run(
        "ALTER TABLE orders ADD "
        + " ".join(f"PARTITION (dt='2014-05-{n}', country='{c}')" for n in (14, 15) for c in ("BE", "IN"))
    )
    run(
        "ALTER TABLE orders DROP PARTITION (dt = '2014-05-14', country = 'IN'), PARTITION (dt = '2014-05-15', country = 'IN')"
    )
    assert set(locations("orders")) == {("2014-05-14", "BE"), ("2014-05-15", "BE")}
    run("ALTER TABLE orders DROP IF EXISTS PARTITION (dt = 'none')")
    run("ALTER TABLE orders DROP PARTITION (country = 'BE')")
    assert locations("orders") == {}


def test_numbers_are_compared_as_numbers(run: Run, locations: Locations) -> None:
    run("CREATE EXTERNAL TABLE n (a int) PARTITIONED BY (year int, month int) LOCATION 's3://b/n/'")
    run("ALTER TABLE n ADD " + " ".join(f"PARTITION (year=2020, month={month:02})" for month in (1, 2, 9, 10, 11)))
    assert set(locations("n")) == {("2020", month) for month in ("1", "2", "9", "10", "11")}
    run("ALTER TABLE n DROP PARTITION (year = 2020, month > '9')")
    assert set(locations("n")) == {("2020", "1"), ("2020", "2"), ("2020", "9")}


def test_alter_table_rename_partition_html(run: Run, locations: Locations, failure: Failure, bucket: str) -> None:
    run("ALTER TABLE orders ADD PARTITION (dt='2014-05-14', country='IN') PARTITION (dt='2014-05-16', country='IN')")
    run(
        """ALTER TABLE orders PARTITION (dt = '2014-05-14', country = 'IN')
        RENAME TO PARTITION (dt = '2014-05-15', country = 'IN')"""
    )
    assert locations("orders")["2014-05-15", "IN"] == f"s3://{bucket}/orders/dt=2014-05-14/country=IN"
    assert ("2014-05-14", "IN") not in locations("orders")
    assert "Partition already exists" in failure(
        "ALTER TABLE orders PARTITION (dt='2014-05-15', country='IN') RENAME TO PARTITION (dt='2014-05-16', country='IN')"
    )


def test_show_partitions_html(run: Run, failure: Failure) -> None:
    run("ALTER TABLE orders ADD PARTITION (dt='2009/04', country='IN') PARTITION (dt='2009-05', country='BE')")
    outcome = run("SHOW PARTITIONS orders")
    assert [column.name for column in outcome.columns] == ["partition"]
    assert sorted(outcome.text.splitlines()) == ["dt=2009%2F04/country=IN", "dt=2009-05/country=BE"]
    run("CREATE EXTERNAL TABLE plain (a int) LOCATION 's3://b/'")
    assert failure("SHOW PARTITIONS db.plain") == f"{TASK} Table plain is not a partitioned table"


def test_msck_repair_table_html(run: Run, locations: Locations, put: Callable[..., None], bucket: str) -> None:
    put(
        "orders/dt=1/country=BE/a.parquet",
        "orders/dt=1/country=BE/b.parquet",
        "orders/dt=2%2F3/country=NL/deep/er/c.parquet",
        "orders/dt=4/country=FR/_SUCCESS",
        "orders/country=BE/dt=9/wrong-order.parquet",
        "orders/dt=9/LAND=BE/other-key.parquet",
        "orders/2020/01/not-hive-style.parquet",
        "orders/dt=10:00/country=BE/colon.parquet",
        "orders/dt=5/no-folder-of-the-second-key.parquet",
        "orders-of-another-table/dt=6/country=BE/a.parquet",
    )
    run("ALTER TABLE orders ADD PARTITION (dt='1', country='BE') PARTITION (dt='gone', country='BE')")
    outcome = run("MSCK REPAIR TABLE `orders`;")
    assert outcome.kind == "DDL"
    assert outcome.text == (
        "Partitions not in metastore:\torders:dt=2%2F3/country=NL\torders:dt=4/country=FR\n"
        "Repair: Added partition to metastore orders:dt=2%2F3/country=NL\n"
        "Repair: Added partition to metastore orders:dt=4/country=FR\n"
    )
    # It does not remove partitions without objects.
    assert set(locations("orders")) == {("1", "BE"), ("gone", "BE"), ("2/3", "NL"), ("4", "FR")}
    assert locations("orders")["2/3", "NL"] == f"s3://{bucket}/orders/dt=2%2F3/country=NL"
    assert run("MSCK REPAIR TABLE orders").text == ""


def test_msck_repair_table_of_an_unpartitioned_table(run: Run, failure: Failure) -> None:
    run("CREATE EXTERNAL TABLE plain (a int) LOCATION 's3://b/'")
    assert run("MSCK REPAIR TABLE plain").text == ""
    assert failure("MSCK REPAIR TABLE nothing") == "FAILED: SemanticException [Error 10001]: Table not found db.nothing"
    assert failure("MSCK TABLE plain").startswith(
        "FAILED: ParseException line 1:5 mismatched input 'TABLE' expecting REPAIR"
    )


def test_a_partition_whose_folder_has_leading_zeros(
    run: Run, locations: Locations, put: Callable[..., None], bucket: str
) -> None:
    put("z/month=03/a", "z/month=4/a")
    run(f"CREATE EXTERNAL TABLE z (a int) PARTITIONED BY (month int) LOCATION 's3://{bucket}/z/'")
    run("MSCK REPAIR TABLE z")
    run("ALTER TABLE z PARTITION (month = 03) SET LOCATION 's3://b/three/'")
    run("ALTER TABLE z PARTITION (month = '04') SET LOCATION 's3://b/four/'")
    assert locations("z") == {("03",): "s3://b/three/", ("4",): "s3://b/four/"}


def test_a_date_as_a_partition_value(run: Run, locations: Locations) -> None:
    run("CREATE EXTERNAL TABLE d (a int) PARTITIONED BY (day date) LOCATION 's3://b/d/'")
    run("ALTER TABLE d ADD PARTITION (day = DATE '2020-01-02') PARTITION (day = '2020-01-03')")
    assert set(locations("d")) == {("2020-01-02",), ("2020-01-03",)}
