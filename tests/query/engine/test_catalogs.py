"""Names and properties of the engine's catalogs."""

from glue_local.query.engine.catalogs import Place, create, hidden, name_of, properties

HERE = Place("http://127.0.0.1:4566", "000000000000", "us-east-1")
THERE = Place("http://127.0.0.1:4566", "111122223333", "eu-west-1")


def test_the_default_account_has_athenas_catalog_name() -> None:
    assert name_of(HERE, HERE) == "awsdatacatalog"
    assert name_of(THERE, HERE) == "awsdatacatalog_111122223333_eu_west_1"


def test_two_catalogs_redirect_to_each_other() -> None:
    made = properties("c", THERE)
    assert [*made] == ["c", "c_iceberg"]
    assert made["c"]["hive.iceberg-catalog-name"] == hidden("c")
    assert made["c_iceberg"]["iceberg.hive-catalog-name"] == "c"
    assert {each["s3.aws-access-key"] for each in made.values()} == {"111122223333"}
    assert {each["s3.region"] for each in made.values()} == {"eu-west-1"}


def test_statements_quote_names_and_values() -> None:
    statement = create("c", Place("http://it's", "000000000000", "us-east-1"))[0]
    assert statement.startswith('CREATE CATALOG IF NOT EXISTS "c" USING hive WITH (')
    assert "\"s3.endpoint\" = 'http://it''s'" in statement
    assert "connector.name" not in statement
