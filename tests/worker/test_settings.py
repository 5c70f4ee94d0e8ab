"""The worker's settings, and the environment of runs."""

import os
import shlex
import socket
from pathlib import Path

import pytest

from glue_local.worker.run_folder import RunFolder
from glue_local.worker.settings import Settings
from glue_local.worker.spark.environment import spark_environment

GIVEN = {
    "GLUE_LOCAL_ENDPOINT": "http://127.0.0.1:4566",
    "AWS_ENDPOINT_URL": "http://localhost:4599",
    "GLUE_LOCAL_TOKEN": "secret",
}


def conf_of(environment: dict[str, str]) -> dict[str, str]:
    words = shlex.split(environment["PYSPARK_SUBMIT_ARGS"])
    assert words[-1] == "pyspark-shell"
    return dict(word.split("=", 1) for word in words[1:-1:2])


def installed(tmp_path: Path, defaults: str = "") -> dict[str, str]:
    (tmp_path / "spark" / "conf").mkdir(parents=True)
    (tmp_path / "spark" / "conf" / "spark-defaults.conf").write_text(defaults)
    return {**GIVEN, "SPARK_HOME": str(tmp_path / "spark")}


def test_the_private_api_and_awss_apis_may_be_in_two_places() -> None:
    told = Settings.read(GIVEN)
    assert (told.endpoint, told.aws_endpoint) == ("http://127.0.0.1:4566", "http://localhost:4599")
    assert told.process_environment()["AWS_ENDPOINT_URL"] == "http://localhost:4599"
    # AWS's SDKs use path-style requests for an address.
    assert told.process_environment()["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:4599"
    encrypted = Settings.read({**GIVEN, "AWS_ENDPOINT_URL": "https://localhost:4599"})
    assert encrypted.process_environment()["AWS_ENDPOINT_URL_S3"] == "https://localhost:4599"
    alone = Settings.read({**GIVEN, "AWS_ENDPOINT_URL": ""})
    assert alone.aws_endpoint == alone.endpoint


def test_a_worker_is_named_after_its_host_and_has_its_own_folder() -> None:
    told = Settings.read(GIVEN)
    assert told.worker == socket.gethostname()
    assert told.worker in told.data_dir.name


def test_the_token_may_be_in_a_file_that_is_hidden_from_runs(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from a file\n")
    told = Settings.read({**GIVEN, "GLUE_LOCAL_TOKEN": "", "GLUE_LOCAL_TOKEN_FILE": str(file)})
    assert told.token == "from a file"
    assert "GLUE_LOCAL_TOKEN_FILE" not in told.process_environment()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"GLUE_LOCAL_ENDPOINT": ""}, "GLUE_LOCAL_ENDPOINT"),
        ({"GLUE_LOCAL_ENDPOINT": "glue"}, "'glue'"),
        ({"AWS_ENDPOINT_URL": "https://s3.eu-west-1.amazonaws.com"}, "amazonaws.com"),
        ({"GLUE_LOCAL_TOKEN": ""}, "GLUE_LOCAL_TOKEN_FILE"),
        ({"GLUE_LOCAL_TOKEN": "", "GLUE_LOCAL_TOKEN_FILE": "/nowhere/token"}, "/nowhere/token"),
        ({"GLUE_LOCAL_SLOTS": "0"}, "GLUE_LOCAL_SLOTS"),
        ({"GLUE_LOCAL_WARM_DRIVERS": "some"}, "GLUE_LOCAL_WARM_DRIVERS"),
        ({"GLUE_LOCAL_AWSGLUE": "theirs"}, "GLUE_LOCAL_AWSGLUE"),
    ],
)
def test_an_invalid_setting_is_named_in_one_line(given: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=".") as refused:
        Settings.read({**GIVEN, **given})
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


PERSON = {
    **GIVEN,
    "PATH": "/usr/bin",
    "LC_ALL": "C.UTF-8",
    "HADOOP_CONF_DIR": "/etc/hadoop",
    "PYTHONPATH": "/home/me/lib",
    "DATABASE_PASSWORD": "secret",
    "AWS_PROFILE": "production",
    "https_proxy": "http://proxy",
    "GLUE_LOCAL_WORKER": "embedded-1",
}


def test_a_run_gets_machine_settings_but_not_the_users_environment() -> None:
    run = Settings.read({**PERSON, "GLUE_LOCAL_ENDS_WITH_INPUT": "true"}).process_environment()
    assert {name: run.get(name) for name in PERSON} == {
        **dict.fromkeys(PERSON),
        **{name: PERSON[name] for name in ("PATH", "LC_ALL", "HADOOP_CONF_DIR", "AWS_ENDPOINT_URL")},
        "PYTHONPATH": run["PYTHONPATH"],
    }
    assert "/home/me/lib" not in run["PYTHONPATH"].split(os.pathsep)


def test_a_worker_elsewhere_passes_on_its_images_environment_without_secrets() -> None:
    run = Settings.read(PERSON).process_environment()
    assert run["DATABASE_PASSWORD"] == "secret"
    assert "/home/me/lib" in run["PYTHONPATH"].split(os.pathsep)
    assert not {"AWS_PROFILE", "https_proxy", "GLUE_LOCAL_TOKEN"} & set(run)


def test_our_awsglue_precedes_the_images_only_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glue_local.worker.settings._PACKAGES", Path("/opt/glue-local"))
    monkeypatch.setattr("glue_local.worker.settings._AWSGLUE", (Path("/opt/glue-local-awsglue"),))
    paths = [
        Settings.read({**GIVEN, "PYTHONPATH": "/image", "GLUE_LOCAL_AWSGLUE": which})
        .process_environment()["PYTHONPATH"]
        .split(os.pathsep)
        for which in ("image", "ours")
    ]
    assert [path[1:] for path in paths] == [
        ["/opt/glue-local", "/image"],
        ["/opt/glue-local-awsglue", "/opt/glue-local", "/image"],
    ]


def test_the_installed_sparks_paths_precede_ours_and_the_jobs(tmp_path: Path) -> None:
    env = installed(
        tmp_path,
        "# theirs\nspark.driver.extraJavaOptions  -Dtheirs=1 -XX:OnOutOfMemoryError='kill -9 %p'\n"
        "spark.driver.extraClassPath=/image/*\nspark.executor.extraJavaOptions: -Dworkers=1\n",
    )
    settings = {"spark.driver.extraJavaOptions": "-Djobs=1", "spark.executor.extraJavaOptions": "-Djobs=2"}
    conf = conf_of(spark_environment(Settings.read(env), RunFolder(tmp_path), settings, ["/jobs.jar"]))
    options = conf["spark.driver.extraJavaOptions"]
    assert options.startswith("-Dtheirs=1 -XX:OnOutOfMemoryError='kill -9 %p' ")
    assert options.endswith(" -Djobs=1")
    assert "-Djdk.net.hosts.file" in options
    assert conf["spark.driver.extraClassPath"] == "/image/*:/jobs.jar"
    assert conf["spark.executor.extraJavaOptions"] == "-Dworkers=1 -Djobs=2"


def test_a_jvm_gets_one_garbage_collector_option(tmp_path: Path) -> None:
    env = installed(tmp_path, "spark.driver.defaultJavaOptions -XX:+UseParallelGC\n")
    conf = conf_of(spark_environment(Settings.read(env), RunFolder(tmp_path), {}, []))
    assert "-XX:+UseSerialGC" not in conf["spark.driver.extraJavaOptions"]
    own = conf_of(spark_environment(Settings.read(GIVEN), RunFolder(tmp_path), {}, []))
    assert "-XX:+UseSerialGC" in own["spark.driver.extraJavaOptions"]


def test_on_a_cluster_the_driver_can_be_reached(tmp_path: Path) -> None:
    told = Settings.read({**GIVEN, "GLUE_LOCAL_MASTER": "spark://localhost:7077"})
    conf = conf_of(spark_environment(told, RunFolder(tmp_path), {"spark.executor.instances": "1"}, []))
    assert conf["spark.master"] == "spark://localhost:7077"
    assert conf["spark.driver.bindAddress"] == "0.0.0.0"
    assert not told.local
