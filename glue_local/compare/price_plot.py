"""The plot of prices by volume, with logarithmic axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from glue_local.compare.cost import total
from glue_local.compare.measure import Measured
from glue_local.demo.colours import Tick, linear

WIDTH, HEIGHT = 1120, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 92, 96, 16, 52
_DECADES = (0, 4)
_POINTS = 80


@dataclass(frozen=True)
class Curve:
    """The prices of a workflow: its polyline, the height of its end, and its label."""

    points: str
    end: float
    title: str


@dataclass(frozen=True)
class PricePlot:
    """The plot's geometry for the template, in pixels."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    curves: list[Curve]
    volumes: list[Tick]
    dollars: list[Tick]


def draw(pair: Sequence[Measured]) -> PricePlot:
    """Return the plot of the prices at 1 to 10 000 times the volume."""
    first, last = _DECADES
    volumes = [10 ** (first + (last - first) * at / (_POINTS - 1)) for at in range(_POINTS)]
    logs = [[log10(total(measured, volume)) for volume in volumes] for measured in pair]
    low, high = floor(min(map(min, logs))), ceil(max(map(max, logs)))
    x = linear(first, last, _LEFT, WIDTH - _RIGHT)
    y = linear(low, high, HEIGHT - _BOTTOM, _TOP)
    curves = [
        Curve(
            " ".join(f"{x(log10(volume))},{y(each)}" for volume, each in zip(volumes, prices, strict=True)),
            y(prices[-1]),
            measured.workflow.title,
        )
        for measured, prices in zip(pair, logs, strict=True)
    ]
    return PricePlot(
        *(WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT, _TOP, HEIGHT - _BOTTOM),
        curves,
        [Tick(x(decade), f"{10**decade:,}×") for decade in range(first, last + 1)],
        [Tick(y(decade), f"${10.0**decade:g}") for decade in range(low, high + 1)],
    )
