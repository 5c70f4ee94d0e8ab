"""Wrong calls fail as in Glue: with the documented type and message, immediately, before any data is read."""

from collections.abc import Callable
from typing import Any

import pytest

import awsglue.transforms as transforms
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection, ResolveOption

WRONG: dict[str, tuple[Callable[[DynamicFrame], Any], type[Exception], str]] = {
    "a mapping of one part": (
        lambda f: f.apply_mapping([("a",)]),
        ValueError,
        "Mapping must be of length 2, 3 or 4. Got tuple of length 1: ('a',)",
    ),
    "a mapping of five parts": (
        lambda f: transforms.ApplyMapping.apply(f, [tuple("abcde")]),
        ValueError,
        "Mapping must be of length 2, 3 or 4. Got tuple of length 5: ('a', 'b', 'c', 'd', 'e')",
    ),
    "a mapping that is not a tuple": (
        lambda f: f.apply_mapping(["ab"]),
        TypeError,
        "Mapping must be specified as a tuple. Got 'ab'",
    ),
    "no way to resolve": (
        lambda f: f.resolveChoice(),
        ValueError,
        "Parameter specs and option are both missing, add one.",
    ),
    "two ways to resolve": (
        lambda f: transforms.ResolveChoice.apply(f, specs=[("a", "cast:int")], choice="make_cols"),
        ValueError,
        "Parameter specs and option are both specified, choose one.",
    ),
    "an invalid option of toDF": (
        lambda f: f.toDF([ResolveOption("a", "Cast", "int")]),
        ValueError,
        "Invalid resolve action Cast. Action must be one of KeepAsStruct and Project.",
    ),
    "an option of toDF without its type": (
        lambda f: f.toDF([ResolveOption("a", "Project")]),
        Exception,
        "Missing target type for resolve action Project",
    ),
    "invalid frames": (
        lambda f: DynamicFrameCollection("f", f.glue_ctx),  # type: ignore[arg-type]
        TypeError,
        "dynamic_frames must be a list or a dict of DynamicFrames. Got <class 'str'>",
    ),
    "a callable that makes no frame": (
        lambda f: transforms.MapToCollection.apply(DynamicFrameCollection({"f": f}, f.glue_ctx), lambda one, ctx: 1),
        TypeError,
        "the callable must return a DynamicFrame, got <class 'int'> for 'f'",
    ),
    "a function of flatmap that makes no frame": (
        lambda f: DynamicFrameCollection([f], f.glue_ctx).flatmap(lambda one, ctx: None),
        TypeError,
        "f must return a DynamicFrame or a collection of them, got <class 'NoneType'> for 'f'",
    ),
    "a write without a frame": (
        lambda f: f.glue_ctx.write_from_options(f.toDF, "s3", {"path": "s3://b/"}, "json"),
        TypeError,
        "frame_or_dfc must be DynamicFrame or DynamicFrameCollection. Got <class 'method'>",
    ),
    "options that are not a dict": (
        lambda f: f.spigot("s3://b/", options=["topk"]),
        TypeError,
        "options must be a dict or a JSON object as a string, got <class 'list'>",
    ),
    "nowhere to stage": (
        lambda f: transforms.Relationalize.apply(f),
        RuntimeError,
        "No staging path specified, and the job has no TempDir: give staging_path or --TempDir",
    ),
    "an invalid comparison": (
        lambda f: f.split_rows({"a": {"~": 1}}, "x", "y"),
        ValueError,
        "split_rows: invalid operator '~', use one of =, !=, <, <=, >, >=",
    ),
    "a description of the base": (
        lambda _: transforms.GlueTransform.describeArgs(),
        NotImplementedError,
        "GlueTransform.describeArgs is not implemented",
    ),
}


@pytest.mark.parametrize("unread", [False, True], ids=["read", "unread"])
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_call_fails_as_in_glue(
    name: str, unread: bool, frame: Any, jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    call, error, message = WRONG[name]
    monkeypatch.setattr("sys.argv", ["script"])
    given = frame('{"a": 1}', name="f")
    given = given.map(lambda record: record) if unread else given
    before = jobs()
    with pytest.raises(error) as raised:
        call(given)
    assert (type(raised.value), str(raised.value)) == (error, message)
    assert jobs() == before


def test_a_resolved_option_keeps_the_types_of_a_choice(frame: Any) -> None:
    mixed = frame('{"a": 1}').union(frame('{"a": "x"}'))
    kept = mixed.toDF([ResolveOption("a", "KeepAsStruct")])
    assert [tuple(row["a"]) for row in kept.collect()] == [(1, None), (None, "x")]
