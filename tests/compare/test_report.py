"""The page of a comparison: one self-contained file."""

import re
from xml.etree import ElementTree

import pytest

from glue_local.compare.figures import figures
from glue_local.compare.measure import Measured
from glue_local.compare.report import render
from glue_local.compare.rows import TableRows


@pytest.fixture
def page(glue: Measured, athena: Measured) -> str:
    return render(figures(glue, athena, [TableRows("sites", 900, 0, 0, rounded=3)], 10))


def test_the_page_loads_nothing(page: str) -> None:
    assert not re.search(r"(?:src|href|url|action|srcset)\s*[=(]", page)
    assert not re.search(r"https?://", page)
    assert "default-src 'none'" in page


def test_figures_prices_and_differences_are_on_the_page(page: str) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for wanted in ("run time 30.0 s 20.0 s", "1× (850 events) 0.0167", "S3 requests 1,250 600", "sites 900 0 3"):
        assert wanted in text
    assert "No break-even" in text or "Break-even at" in text
    assert "0.44 DPU-hour AWS Price List API" in text
    assert "Each run is billed for at least 60 s" in text
    assert "Commits each table atomically" in text


def test_images_are_well_formed_and_texts_escaped(page: str) -> None:
    images = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(images) == 3, "the prices and two timelines"
    for image in images:
        ElementTree.fromstring(image)
    assert "&lt;x&gt;" in page
    assert "<x>" not in page


def test_both_curves_run_from_left_to_right(page: str) -> None:
    curves = re.findall(r'<polyline class="curve" points="([^"]+)"', page)
    assert len(curves) == 2
    for curve in curves:
        places = [float(point.split(",")[0]) for point in curve.split()]
        assert places == sorted(places)
        assert len(places) == 80
