"""Athena's data catalogs, databases, tables and tags through boto3."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Aws = Callable[..., Any]
TABLE = {
    "Name": "events",
    "TableType": "EXTERNAL_TABLE",
    "Parameters": {"EXTERNAL": "TRUE"},
    "PartitionKeys": [{"Name": "day", "Type": "date"}],
    "StorageDescriptor": {
        "Columns": [{"Name": "id", "Type": "bigint", "Comment": "key"}],
        "Location": "s3://data/events/",
        "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
    },
}


@pytest.fixture
def tables(aws: Aws) -> Any:
    athena, glue = aws("athena", "333333333333"), aws("glue", "333333333333")
    if not glue.get_databases()["DatabaseList"]:
        glue.create_database(DatabaseInput={"Name": "traffic", "Description": "roads"})
        glue.create_table(DatabaseName="traffic", TableInput=TABLE)
        glue.create_table(DatabaseName="traffic", TableInput={**TABLE, "Name": "sites"})
    return athena


def refusal(error: ClientError) -> tuple[str, str]:
    """Return the code and the Data Catalog's part of the message of a MetadataException in AWS's form."""
    message, _, origin = error.response["Error"]["Message"].partition(" (Service: AmazonDataCatalog; ")
    assert re.fullmatch(
        r"Status Code: 400; Error Code: EntityNotFoundException; Request ID: [0-9a-f-]{36}; Proxy: null\)", origin
    )
    return error.response["Error"]["Code"], message


def test_databases_are_those_of_glue(tables: Any) -> None:
    assert tables.get_database(CatalogName="AwsDataCatalog", DatabaseName="Traffic")["Database"] == {
        "Name": "traffic",
        "Description": "roads",
    }
    listed = tables.list_databases(CatalogName="awsdatacatalog")["DatabaseList"]
    assert [each["Name"] for each in listed] == ["traffic"]
    with pytest.raises(ClientError) as missing:
        tables.get_database(CatalogName="AwsDataCatalog", DatabaseName="none")
    assert refusal(missing.value) == ("MetadataException", "Database none not found.")


def test_a_tables_storage_is_returned_as_parameters(tables: Any) -> None:
    found = tables.get_table_metadata(CatalogName="AwsDataCatalog", DatabaseName="traffic", TableName="events")
    table = found["TableMetadata"]
    assert table["Columns"] == [{"Name": "id", "Type": "bigint", "Comment": "key"}]
    assert table["PartitionKeys"] == [{"Name": "day", "Type": "date"}]
    assert table["Parameters"]["location"] == "s3://data/events/"
    assert table["Parameters"]["serde.serialization.lib"] == "org.openx.data.jsonserde.JsonSerDe"
    with pytest.raises(ClientError) as missing:
        tables.get_table_metadata(CatalogName="AwsDataCatalog", DatabaseName="traffic", TableName="none")
    assert refusal(missing.value) == ("MetadataException", "Entity Not Found")
    with pytest.raises(ClientError) as missing:
        tables.list_table_metadata(CatalogName="AwsDataCatalog", DatabaseName="none")
    assert refusal(missing.value) == ("MetadataException", "Database none not found.")


def test_tables_are_listed_by_an_expression(tables: Any) -> None:
    def names(**more: Any) -> list[str]:
        found = tables.list_table_metadata(CatalogName="AwsDataCatalog", DatabaseName="traffic", **more)
        return [each["Name"] for each in found["TableMetadataList"]]

    assert names() == ["events", "sites"]
    assert names(Expression="si.*") == ["sites"]
    with pytest.raises(ClientError, match="not a regular expression"):
        names(Expression="(")


def test_a_glue_data_catalog_is_another_name_for_the_same_catalog(tables: Any) -> None:
    given = {"Name": "lake", "Type": "GLUE", "Parameters": {"catalog-id": "333333333333"}}
    tables.create_data_catalog(**given, Description="d")
    try:
        assert tables.get_data_catalog(Name="lake")["DataCatalog"]["Type"] == "GLUE"
        listed = tables.list_data_catalogs()["DataCatalogsSummary"]
        assert [each["CatalogName"] for each in listed] == ["AwsDataCatalog", "lake"]
        assert tables.list_databases(CatalogName="lake")["DatabaseList"][0]["Name"] == "traffic"
        with pytest.raises(ClientError, match="already exists"):
            tables.create_data_catalog(**given)
    finally:
        tables.delete_data_catalog(Name="lake")
    with pytest.raises(ClientError, match="does not exist"):
        tables.get_data_catalog(Name="lake")


@pytest.mark.parametrize("kind", ["LAMBDA", "HIVE", "FEDERATED"])
def test_other_catalogs_are_refused_by_name(tables: Any, kind: str) -> None:
    with pytest.raises(ClientError, match=kind) as refusal:
        tables.create_data_catalog(Name="other", Type=kind, Parameters={"function": "arn"})
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_work_groups_and_catalogs_have_tags(aws: Aws) -> None:
    athena = aws("athena")
    athena.create_work_group(Name="tagged", Tags=[{"Key": "a", "Value": "1"}])
    arn = "arn:aws:athena:us-east-1:000000000000:workgroup/tagged"
    athena.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "3"}])
    expected = [{"Key": "a", "Value": "3"}, {"Key": "b", "Value": "2"}]
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == expected
    athena.untag_resource(ResourceARN=arn, TagKeys=["b", "none"])
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == expected[:1]
    with pytest.raises(ClientError) as missing:
        athena.list_tags_for_resource(ResourceARN=f"{arn}s")
    assert missing.value.response["Error"]["Code"] == "ResourceNotFoundException"
    with pytest.raises(ClientError, match="is not the ARN of a work group"):
        athena.tag_resource(ResourceARN="arn:aws:s3:::bucket", Tags=[])
