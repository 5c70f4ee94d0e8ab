from pathlib import Path

import pytest

from glue_local.promote.definition.desired import desired, local_seeds
from glue_local.promote.definition.document import DefinitionError


def test_seeds_name_their_files_and_keys(tmp_path: Path) -> None:
    (tmp_path / "data" / "day=1").mkdir(parents=True)
    (tmp_path / "data" / "day=1" / "a.json").touch()
    (tmp_path / "data" / ".hidden").touch()
    (tmp_path / "data" / ".checkpoints").mkdir()
    (tmp_path / "data" / ".checkpoints" / "a.json").touch()
    (tmp_path / "glue-local.yaml").write_text(
        "variables: {where: {default: bbb}}\n"
        "seeds:\n"
        "  - {Source: data, Destination: 's3://${where}/in', Table: d.t}\n"
        "  - {Source: data/day=1/a.json, Destination: s3://bbb/one/}\n"
        "  - {Source: data/day=1/a.json, Destination: s3://bbb/two.json}\n"
    )
    found = local_seeds(tmp_path / "glue-local.yaml", "us-east-1", "000000000000")
    assert [[key for _, key in seed.files()] for seed in found] == [["in/day=1/a.json"], ["one/a.json"], ["two.json"]]
    assert [seed.bucket for seed in found] == ["bbb"] * 3
    assert [seed.table for seed in found] == ["d.t", None, None]


@pytest.mark.parametrize(
    ("seed", "fault"),
    [
        ("{Source: absent.json, Destination: s3://bbb/k}", "file absent.json does not exist"),
        ("{Source: glue-local.yaml, Destination: bbb/k}", "Destination must be s3://bucket/key, not bbb/k"),
        ("{Source: glue-local.yaml}", "Destination of a seed is missing"),
        ("{Source: glue-local.yaml, Destination: s3://bbb/k, Tabel: d.t}", "unknown member Tabel of a seed"),
        ("{Source: glue-local.yaml, Destination: s3://bbb/k, Table: T}", "Table must be database.table in lower-case"),
    ],
)
def test_invalid_seeds_are_among_the_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: str, fault: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("glue-local.yaml").write_text(f"seeds:\n  - {seed}\nbuckets:\n  - {{Bukket: x}}\n")
    with pytest.raises(DefinitionError) as raised:
        desired(Path("glue-local.yaml"), "us-east-1", "000000000000")
    assert [line for line in raised.value.faults if line.startswith(f"glue-local.yaml:2: {fault}")]
    assert any("CreateBucket has no member Bukket" in line for line in raised.value.faults)
