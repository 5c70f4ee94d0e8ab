"""Settings from the environment."""

from pathlib import Path

import pytest

from glue_local.settings import Settings, container_settings, from_environment


def test_an_empty_environment_means_the_defaults() -> None:
    assert from_environment({}) == Settings()


def test_variables_are_read() -> None:
    settings = from_environment(
        {"GLUE_LOCAL_PORT": "5000", "GLUE_LOCAL_DATA_DIR": "state", "GLUE_LOCAL_ALLOWED_HOSTS": "glue,localstack"}
    )
    assert (settings.port, settings.data_dir) == (5000, Path("state"))
    assert settings.allowed_hosts == ("glue", "localstack")
    assert settings.endpoint == "http://localhost:5000"


def test_origins() -> None:
    told = {"GLUE_LOCAL_ALLOWED_ORIGINS": "http://localhost:3000/, https://APP.example"}
    assert from_environment(told).allowed_origins == ("http://localhost:3000", "https://app.example")


def test_a_server_in_a_container() -> None:
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
def test_children(value: str, children: tuple[str, ...]) -> None:
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
def test_a_useless_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        from_environment({name: value})


def test_runs_in_containers_need_one() -> None:
    told = {"GLUE_LOCAL_DATA_DIR": "/data", "GLUE_LOCAL_WORKER": "embedded-1", "GLUE_LOCAL_SLOTS": "0"}
    with pytest.raises(ValueError, match="GLUE_LOCAL_SLOTS must be 1 or more"):
        container_settings(told)
