"""The cost estimate, item by item, at list prices."""

from dataclasses import replace

import pytest

from glue_local.promote.definition.desired import Resource
from glue_local.verify.cost import estimate, total


def lines(resources: list[Resource], events: int = 1000) -> dict[str, float]:
    return {f"{line.service} {line.what}": line.usd for line in estimate(resources, "traffic_glue", events)}


def changed(resources: list[Resource], name: str, **members: object) -> list[Resource]:
    return [
        replace(each, request={**each.request, **members}) if each.key == f"jobs/{name}" else each for each in resources
    ]


def test_every_billed_service_is_included(resources: list[Resource]) -> None:
    found = lines(resources)
    assert found["Glue repartition: 2 x G.1X for 3 min, 0.1000 DPU-hours at 0.44"] == pytest.approx(0.044)
    assert found["Glue load_points: 0.0625 DPU for 1 min, 0.0010 DPU-hours at 0.44"] == pytest.approx(0.0625 / 60 * 0.44)  # fmt: skip
    assert found["Kinesis 1 shard-hour, 1000 PUT units"] == pytest.approx(0.015 + 0.000014)
    assert found["Firehose 1000 records of 5 KB, 0.0048 GB"] == pytest.approx(5000 / 1024**2 * 0.029)
    assert found["Step Functions 7 state transitions"] == pytest.approx(7 * 0.000025)
    assert any(line.startswith("S3 about ") for line in found)
    assert total(estimate(resources, "traffic_glue", 1000)) == pytest.approx(sum(found.values()))


def test_worker_type_number_and_execution_class_affect_the_price(resources: list[Resource]) -> None:
    big = lines(changed(resources, "repartition", WorkerType="G.2X", NumberOfWorkers=5))
    assert big["Glue repartition: 5 x G.2X for 3 min, 0.5000 DPU-hours at 0.44"] == pytest.approx(0.22)
    flexible = lines(changed(resources, "repartition", ExecutionClass="FLEX"))
    assert flexible["Glue repartition: 2 x G.1X for 3 min, 0.1000 DPU-hours at 0.29"] == pytest.approx(0.029)
    later = lines(changed(resources, "repartition", GlueVersion="6.0"))
    assert later["Glue repartition: 2 x G.1X for 3 min, 0.1000 DPU-hours at 0.308"] == pytest.approx(0.0308)
    none = lines(changed(resources, "repartition", WorkerType=None, NumberOfWorkers=None))
    assert none["Glue repartition: 10 DPU for 3 min, 0.5000 DPU-hours at 0.44"] == pytest.approx(0.22)
