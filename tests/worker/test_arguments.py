"""sys.argv and Spark settings from a run's arguments."""

import pytest

from glue_local.worker.arguments import argument_vector, customer_variables, paths, spark_settings


def test_the_argument_vector_is_awss() -> None:
    arguments = {"--a": "1", "--flag": "", "--conf": "spark.x=1", "--JOB_RUN_ID": "jr_1", "--JOB_NAME": "j"}
    assert argument_vector("s.py", arguments) == [
        *("s.py", "--JOB_NAME", "j", "--a", "1", "--flag", "--JOB_RUN_ID", "jr_1"),
        *("--job-bookmark-option", "job-bookmark-disable"),
    ]


def test_several_settings_in_one_argument() -> None:
    assert spark_settings({"--conf": "spark.a=1 --conf spark.b='x y'"}) == {"spark.a": "1", "spark.b": "x y"}
    assert spark_settings({}) == {}
    with pytest.raises(ValueError, match="key=value"):
        spark_settings({"--conf": "spark.a"})


def test_paths_are_separated_by_commas() -> None:
    assert paths({"--extra-py-files": "s3://a/b.py, s3://a/c.zip"}, "--extra-py-files") == [
        "s3://a/b.py",
        "s3://a/c.zip",
    ]
    assert paths({}, "--extra-py-files") == []


def test_customers_variables_have_their_prefix() -> None:
    told = {"--v": """CUSTOMER_KEY1=VAL1, CUSTOMER_KEY2="val2,val2 val2",KEY4=VAL4,CUSTOMER_E=,CUSTOMER_F=a=b it's"""}
    assert customer_variables(told, "--v") == {
        "CUSTOMER_KEY1": "VAL1",
        "CUSTOMER_KEY2": "val2,val2 val2",
        "CUSTOMER_E": "",
        "CUSTOMER_F": "a=b it's",
    }
    assert customer_variables({}, "--v") == {}
    with pytest.raises(ValueError, match="--v takes CUSTOMER_NAME=value"):
        customer_variables({"--v": 'CUSTOMER_A="1'}, "--v")
