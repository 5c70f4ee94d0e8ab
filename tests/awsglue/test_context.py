"""Read and write files and tables, with and without a bookmark."""

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from awsglue.context import GlueContext
from awsglue.job import Job

ARGUMENTS = {"job_bookmark_option": "job-bookmark-enable"}


def put(folder: Path, name: str, *documents: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("".join(json.dumps(document) + "\n" for document in documents))


@pytest.fixture
def read(glue_context: GlueContext) -> Callable[..., Any]:
    def read(path: Path, format: str = "json", **more: Any) -> Any:
        return glue_context.create_dynamic_frame.from_options(
            connection_type="s3", connection_options={"paths": [str(path)], "recurse": True}, format=format, **more
        )

    return read


def test_json_goes_to_partitioned_parquet_and_back(
    glue_context: GlueContext, read: Any, rows: Any, tmp_path: Path
) -> None:
    put(tmp_path / "in", "a.json", {"day": "mon", "n": 1}, {"day": "tue", "n": 2})
    glue_context.write_dynamic_frame.from_options(
        frame=read(tmp_path / "in"),
        connection_type="s3",
        connection_options={"path": str(tmp_path / "out"), "partitionKeys": ["day"]},
        format="parquet",
    )
    assert {folder.name for folder in (tmp_path / "out").iterdir() if folder.is_dir()} == {"day=mon", "day=tue"}
    assert rows(read(tmp_path / "out", "parquet")) == [{"n": 1, "day": "mon"}, {"n": 2, "day": "tue"}]


def test_csv_fields_are_strings_with_or_without_a_header(read: Any, rows: Any, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,'2,3'\n")
    with_header = read(tmp_path, "csv", format_options={"withHeader": True, "quoteChar": "'"})
    assert rows(with_header) == [{"x": "1", "y": "2,3"}]
    assert read(tmp_path, "csv").toDF().columns == ["col0", "col1"]


def test_unknown_arguments_and_options_are_ignored_and_logged_once(
    read: Any, rows: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "a.json", {"n": 1})
    for _ in range(2):
        assert rows(read(tmp_path, pushdown_predicat="day = 'mon'", format_options={"multiLin": "true"})) == [{"n": 1}]
    ignored = [record.getMessage() for record in caplog.records if "ignoring the unknown option" in record.getMessage()]
    assert ignored == [
        "json: ignoring the unknown option 'multiLin', as AWS Glue does",
        "GlueContext: ignoring the unknown option 'pushdown_predicat', as AWS Glue does",
    ] or ignored == [
        "GlueContext: ignoring the unknown option 'pushdown_predicat', as AWS Glue does",
        "json: ignoring the unknown option 'multiLin', as AWS Glue does",
    ]


def test_the_logger_writes_to_the_error_output(glue_context: GlueContext, capfd: pytest.CaptureFixture[str]) -> None:
    glue_context.get_logger().info("thirty minutes read")
    assert "thirty minutes read" in capfd.readouterr().err


def test_the_logger_has_the_method_warn(glue_context: GlueContext, capfd: pytest.CaptureFixture[str]) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging-enable.html"""
    with warnings.catch_warnings(record=True) as of_itself:
        glue_context.get_logger().warn("warn message")
    assert (of_itself, "WARNING GlueLogger: warn message" in capfd.readouterr().err) == ([], True)


def test_writing_adds_files(glue_context: GlueContext, frame: Any, read: Any, tmp_path: Path) -> None:
    for _ in range(2):
        glue_context.write_dynamic_frame.from_options(
            frame=frame('{"a": 1}'), connection_type="s3", connection_options={"path": str(tmp_path)}, format="json"
        )
    assert read(tmp_path).count() == 2


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"connection_type": "mysql"}, "mysql"),
        ({"connection_type": "s3", "connection_options": {"paths": ["/x"], "attachTimestamp": "t"}}, "attachTimestamp"),
        ({"connection_type": "s3", "connection_options": {"paths": ["/x"]}, "format": "ion"}, None),
    ],
)
def test_options_that_are_not_emulated_are_rejected(glue_context: GlueContext, options: Any, match: str | None) -> None:
    with pytest.raises((NotImplementedError, ValueError), match=match):
        glue_context.create_dynamic_frame.from_options(**{"format": "json", **options}).count()


def test_wrong_calls_fail_as_in_glue(glue_context: GlueContext) -> None:
    read = glue_context.create_dynamic_frame.from_catalog
    with pytest.raises(Exception, match="Parameter name_space or database is missing."):
        read(table_name="t")
    with pytest.raises(Exception, match="both specified, choose one."):
        read(database="d", name_space="d", table_name="t")
    with pytest.raises(Exception, match="Parameter table_name is missing."):
        read(database="d")
    with pytest.raises(Exception, match="cannot init Job instance given input parameter type"):
        Job("glue")  # type: ignore[arg-type]
    with pytest.raises(NotImplementedError, match="start_transaction"):
        glue_context.start_transaction(read_only=True)


class TestBookmarks:
    def test_a_run_reads_what_no_earlier_run_committed(
        self, glue_context: GlueContext, read: Any, rows: Any, tmp_path: Path
    ) -> None:
        put(tmp_path, "a.json", {"n": 1})
        found = []
        for name, commit in (("b.json", True), ("c.json", False), ("d.json", True), (None, True)):
            job = Job(glue_context)
            job.init("bookmarked", ARGUMENTS)
            found.append([row["n"] for row in rows(read(tmp_path, transformation_ctx="source"))])
            if commit:
                job.commit()
            if name:
                put(tmp_path, name, {"n": ord(name[0])})
        # The run without a commit did not change the bookmark, so its files are read again.
        assert found == [[1], [98], [98, 99], [100]]

    def test_a_source_without_a_context_is_read_completely(
        self, glue_context: GlueContext, read: Any, tmp_path: Path
    ) -> None:
        put(tmp_path, "a.json", {"n": 1})
        for _ in range(2):
            job = Job(glue_context)
            job.init("no-context", ARGUMENTS)
            assert read(tmp_path).count() == 1
            job.commit()

    def test_bookmarks_are_off_by_default(self, glue_context: GlueContext, read: Any, tmp_path: Path) -> None:
        put(tmp_path, "a.json", {"n": 1})
        for _ in range(2):
            job = Job(glue_context)
            job.init("off", {})
            assert read(tmp_path, transformation_ctx="source").count() == 1
            job.commit()


class TestCatalog:
    def table(self, glue: Any, location: Path, classification: str, columns: Any, keys: Any = ()) -> None:
        glue.create_table(
            DatabaseName="db",
            TableInput={
                "Name": "t",
                "Parameters": {"classification": classification},
                "PartitionKeys": [{"Name": name, "Type": kind} for name, kind in keys],
                "StorageDescriptor": {
                    "Location": str(location),
                    "Columns": [{"Name": name, "Type": kind} for name, kind in columns],
                },
            },
        )

    def test_only_matching_partitions_are_read(
        self, glue: Any, glue_context: GlueContext, rows: Any, tmp_path: Path
    ) -> None:
        self.table(glue, tmp_path, "json", [("n", "bigint")], [("day", "int")])
        for day in ("1", "2", "11"):
            put(tmp_path / f"day={day}", "a.json", {"n": int(day)})
            storage = {"Location": str(tmp_path / f"day={day}")}
            glue.create_partition(
                DatabaseName="db", TableName="t", PartitionInput={"Values": [day], "StorageDescriptor": storage}
            )
        (tmp_path / "day=1" / "a.json").write_text("not json")
        read = glue_context.create_dynamic_frame.from_catalog
        chosen = read(database="db", table_name="t", push_down_predicate="day > 1")
        assert rows(chosen) == [{"n": 11, "day": 11}, {"n": 2, "day": 2}]

    def test_a_csv_table_has_the_catalogs_types_and_choices(
        self, glue: Any, glue_context: GlueContext, rows: Any, tmp_path: Path
    ) -> None:
        self.table(glue, tmp_path, "csv", [("id", "bigint"), ("name", "string")])
        (tmp_path / "a.csv").write_text("1,An\nstray,Bo\n")
        frame = glue_context.create_dynamic_frame.from_catalog(database="db", table_name="t")
        assert frame.schema().getField("id").dataType.typeName() == "choice"
        resolved = frame.resolveChoice(specs=[("id", "cast:long")])
        assert rows(resolved) == [{"id": 1, "name": "An"}, {"id": None, "name": "Bo"}]

    def test_a_sink_updates_the_catalog(
        self, glue: Any, glue_context: GlueContext, frame: Any, rows: Any, tmp_path: Path
    ) -> None:
        sink = glue_context.getSink(
            connection_type="s3",
            path=str(tmp_path),
            enableUpdateCatalog=True,
            updateBehavior="UPDATE_IN_DATABASE",
            partitionKeys=["day"],
        )
        sink.setFormat("json")
        sink.setCatalogInfo(catalogDatabase="db", catalogTableName="made")
        sink.writeFrame(frame('{"n": 1, "day": "mon"}', '{"n": 2, "day": "tue"}'))
        assert [
            column["Name"] for column in glue.get_table(DatabaseName="db", Name="made")["Table"]["PartitionKeys"]
        ] == ["day"]
        values = [p["Values"] for p in glue.get_partitions(DatabaseName="db", TableName="made")["Partitions"]]
        assert sorted(values) == [["mon"], ["tue"]]
        read = glue_context.create_dynamic_frame.from_catalog(database="db", table_name="made")
        assert rows(read) == [{"n": 1, "day": "mon"}, {"n": 2, "day": "tue"}]
