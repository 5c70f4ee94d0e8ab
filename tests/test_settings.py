"""Settings from environment variables."""

from pathlib import Path

import pytest

from glue_local.settings import Settings, container_settings, from_environment, query_settings


def test_an_empty_environment_has_the_defaults() -> None:
    assert from_environment({}) == Settings()


def test_variables_are_read() -> None:
    settings = from_environment(
        {"GLUE_LOCAL_PORT": "5000", "GLUE_LOCAL_DATA_DIR": "state", "GLUE_LOCAL_ALLOWED_HOSTS": "glue,localstack"}
    )
    assert (settings.port, settings.data_dir) == (5000, Path("state"))
    assert settings.allowed_hosts == ("glue", "localstack")
    assert settings.endpoint == "http://localhost:5000"


def test_origins() -> None:
    environment = {"GLUE_LOCAL_ALLOWED_ORIGINS": "http://localhost:3000/, https://APP.example"}
    assert from_environment(environment).allowed_origins == ("http://localhost:3000", "https://app.example")


def test_settings_of_a_server_in_a_container() -> None:
    settings = from_environment(
        {
            "GLUE_LOCAL_UPSTREAM": "http://localstack:4566/",
            "GLUE_LOCAL_CHILDREN": "delivery",
            "GLUE_LOCAL_TOKEN_FILE": "/run/glue-local/token",
        }
    )
    assert (settings.upstream, settings.children) == ("http://localstack:4566", ("delivery",))
    assert settings.token_file == Path("/run/glue-local/token")


@pytest.mark.parametrize(("value", "children"), [("none", ()), ("worker, delivery", ("worker", "delivery"))])
def test_children_are_a_list_or_none(value: str, children: tuple[str, ...]) -> None:
    assert from_environment({"GLUE_LOCAL_CHILDREN": value}).children == children


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GLUE_LOCAL_PORT", "http"),
        ("GLUE_LOCAL_ACCOUNT", "12"),
        ("GLUE_LOCAL_CHILDREN", "false"),
        ("GLUE_LOCAL_CHILDREN", ""),
        ("GLUE_LOCAL_UPSTREAM", "localstack:4566"),
        ("GLUE_LOCAL_ALLOWED_ORIGINS", "localhost:3000"),
        ("GLUE_LOCAL_ALLOWED_ORIGINS", "*"),
        ("GLUE_LOCAL_ALLOWED_ORIGINS", "http://localhost:3000/page"),
    ],
)
def test_the_error_for_an_invalid_value_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        from_environment({name: value})


def test_containers_need_at_least_one_slot() -> None:
    environment = {"GLUE_LOCAL_DATA_DIR": "/data", "GLUE_LOCAL_WORKER": "embedded-1", "GLUE_LOCAL_SLOTS": "0"}
    with pytest.raises(ValueError, match="GLUE_LOCAL_SLOTS must be 1 or more"):
        container_settings(environment)


def test_athenas_engine() -> None:
    assert from_environment({"GLUE_LOCAL_TRINO": "http://trino:8080/"}).trino == "http://trino:8080"
    with pytest.raises(ValueError, match="GLUE_LOCAL_TRINO must be a URL"):
        from_environment({"GLUE_LOCAL_TRINO": "trino"})
    with pytest.raises(ValueError, match="GLUE_LOCAL_TRINO_MEMORY must be 512 or more, not 100"):
        from_environment({"GLUE_LOCAL_TRINO_MEMORY": "100"})
    with pytest.raises(ValueError, match="GLUE_LOCAL_QUERIES must be 1 or more, not 0"):
        from_environment({"GLUE_LOCAL_QUERIES": "0"})


def test_the_query_process_gets_an_address_of_one_family(tmp_path: Path) -> None:
    told = query_settings(
        {
            "AWS_ENDPOINT_URL": "http://localhost:4566",
            "GLUE_LOCAL_ENDPOINT": "http://localhost:4566",
            "GLUE_LOCAL_TOKEN": "t",
            "GLUE_LOCAL_WORKER": "w",
            "GLUE_LOCAL_ACCOUNT": "000000000000",
            "GLUE_LOCAL_REGION": "us-east-1",
            "GLUE_LOCAL_DATA_DIR": str(tmp_path),
            "GLUE_LOCAL_TRINO": "",
            "GLUE_LOCAL_TRINO_MEMORY": "1024",
            "GLUE_LOCAL_QUERIES": "20",
            "XDG_CACHE_HOME": "/cache",
        }
    )
    assert told.engine_endpoint == "http://127.0.0.1:4566"
    assert (told.cache, told.home) == (Path("/cache/glue-local"), tmp_path / "trino")
