"""The demo's Spark jobs compared with the same transformations in plain PySpark, on the same driver and files."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from tests.e2e.embedded import EmbeddedStack
from tests.e2e.stack import ROOT, free_port, wait_until

MINUTES, POINTS, ROUNDS = 30, 4254, 3
_NAME, _BUCKET = "handwritten", "handwritten"
_MODULES = ("aggregate", "load_points", "partition_versions", "repartition")


def measure() -> Iterator[Figure]:
    """Run the workflow over half an hour of the full network, then the same transformations on the same files.

    Measured three times; the medians of the ratios are reported, because other load on the machine varies.
    """
    rounds = [_timed() for _ in range(ROUNDS)]
    yield _figure("pipeline vs. hand-written PySpark, both on s3://", 1.15, [(glue, s3) for glue, s3, _ in rounds])
    yield _figure("pipeline on s3:// vs. hand-written on file://", 1.5, [(glue, local) for glue, _, local in rounds])


def _figure(what: str, budget: float, pairs: list[tuple[float, float]]) -> Figure:
    glue, plain = sorted(pairs, key=lambda pair: pair[0] / pair[1])[len(pairs) // 2]
    detail = f"{glue:.1f} s : {plain:.1f} s, {MINUTES} minutes of {POINTS} points, the median of {len(pairs)} rounds"
    return Figure(what, f"{glue / plain:.2f}×", f"≤ {budget}×", glue / plain <= budget, detail)


def _timed() -> tuple[float, float, float]:
    """Return the seconds of the pipeline's jobs, of the hand-written job on s3://, and of the latter on file://."""
    with tempfile.TemporaryDirectory() as folder:
        stack = EmbeddedStack(free_port(), Path(folder) / "stack")
        stack.up()
        try:
            glue = _on_glue(stack)
            _upload(stack)
            plain = _by_hand(stack, "s3://traffic-raw", f"s3://{_BUCKET}/out")
            raw = _copy_raw_files(stack, Path(folder) / "raw")
            local = _by_hand(stack, raw.as_uri(), (Path(folder) / "out").as_uri())
        finally:
            stack.down()
    return glue, plain, local


def _on_glue(stack: EmbeddedStack) -> float:
    stack.provision()
    stack.publish(MINUTES, POINTS, 1, "2026-03-02T06:45:00+01:00")
    expected = MINUTES * POINTS
    wait_until(lambda: stack.delivered() >= expected, 300, "delivery")
    _await_warm(stack)
    stack.execute()
    return sum(_seconds_of_last_run(stack, job) for job in ("repartition", "aggregate"))


def _upload(stack: EmbeddedStack) -> None:
    s3 = stack.client("s3")
    s3.create_bucket(Bucket=_BUCKET)
    s3.upload_file(str(Path(__file__).with_name("handwritten.py")), _BUCKET, "handwritten.py")
    for module in _MODULES:
        s3.upload_file(str(ROOT / "jobs" / f"{module}.py"), _BUCKET, f"{module}.py")
    stack.client("glue").create_job(
        Name=_NAME,
        Role="arn:aws:iam::000000000000:role/bench",
        Command={"Name": "glueetl", "ScriptLocation": f"s3://{_BUCKET}/handwritten.py"},
        DefaultArguments={"--extra-py-files": ",".join(f"s3://{_BUCKET}/{module}.py" for module in _MODULES)},
    )


def _by_hand(stack: EmbeddedStack, raw: str, target: str) -> float:
    _await_warm(stack)
    stack.cli("run", _NAME, "--port", str(stack.port), "-a", f"paths={raw} {target} traffic-raw")
    return _seconds_of_last_run(stack, _NAME)


def _await_warm(stack: EmbeddedStack) -> None:
    # Wait for both, so that no driver warms up during the run.
    wait_until(lambda: len(list((stack.data_dir / "runs").glob("*/ready"))) == 2, 120, "warm drivers")


def _seconds_of_last_run(stack: EmbeddedStack, job: str) -> float:
    run = stack.client("glue").get_job_runs(JobName=job)["JobRuns"][0]
    seconds: float = (run["CompletedOn"] - run["StartedOn"]).total_seconds()
    return seconds


def _copy_raw_files(stack: EmbeddedStack, target: Path) -> Path:
    s3 = stack.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="traffic-raw", Prefix="raw/")
    for key in (item["Key"] for page in pages for item in page["Contents"]):
        (target / key).parent.mkdir(parents=True, exist_ok=True)
        s3.download_file("traffic-raw", key, str(target / key))
    return target
