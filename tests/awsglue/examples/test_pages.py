"""Every transform has a test with the example of its AWS page."""

import inspect
import re

import awsglue.transforms as transforms
from awsglue.dynamicframe import DynamicFrame
from tests.awsglue.examples import test_fields, test_records

PAGE = re.compile(r"https://docs\.aws\.amazon\.com/\S+")
METHODS = PAGE.pattern.replace(r"\S+", r"\S+-extensions-dynamic-frame-(\w+)")
# Not on AWS's page.
WITHOUT_A_PAGE = {"drop_null_fields", "mapPartitions", "mapPartitionsWithIndex"}


def examples() -> str:
    tests = [*inspect.getmembers(test_fields), *inspect.getmembers(test_records)]
    return "\n".join(test.__doc__ or "" for name, test in tests if name.startswith("test_"))


def test_every_transform_has_an_example_that_names_its_page() -> None:
    emulated = [one for one in transforms.get_transforms() if one.returns is not None]
    pages = {page for one in emulated for page in PAGE.findall(one.__doc__ or "")}
    assert len(pages) == len(emulated)
    assert pages - set(PAGE.findall(examples())) == set()


def test_every_method_that_transforms_has_an_example_that_names_its_page() -> None:
    methods = inspect.getmembers(DynamicFrame, inspect.isfunction)
    takes_a_context = {name for name, one in methods if "transformation_ctx" in inspect.signature(one).parameters}
    named = {{"merge": "mergeDynamicFrame"}.get(name, name) for name in re.findall(METHODS, examples())}
    assert takes_a_context | {"simplify_ddb_json", "errorsAsDynamicFrame"} == named | WITHOUT_A_PAGE
