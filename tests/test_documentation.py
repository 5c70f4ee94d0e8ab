"""The pages: every relative link and every file they name exists, and the user pages are linked from the README."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"`((?:glue_local|awsglue|awsgluedq|tests|docs|docker|policies|benchmarks)/[\w./-]+)`")
_MENTION = re.compile(r"\b(docs/[\w/-]+\.md)\b")


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub derives them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_relative_link_resolves(page: Path) -> None:
    broken = []
    for link in _LINK.findall(page.read_text()):
        if link.startswith(("http://", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


# decisions.md and CHANGELOG.md describe the past.
@pytest.mark.parametrize("page", [each for each in PAGES if each.stem not in ("decisions", "CHANGELOG")], ids=page_id)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    missing = [path for path in _PATH.findall(page.read_text()) if not (ROOT / path).exists()]
    assert missing == []


def test_every_page_that_a_source_file_mentions_exists() -> None:
    sources = [
        path
        for pattern in (
            "glue_local/**/*.py",
            "awsglue*/**/*.py",
            "jobs/*.py",
            "docker/**/*",
            "*.yml",
            "*.yaml",
            "Makefile",
            ".env.example",
        )
        for path in ROOT.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    ]
    missing = [
        f"{page_id(path)}: {page}"
        for path in sources
        for page in _MENTION.findall(path.read_text(errors="replace"))
        if not (ROOT / page).exists()
    ]
    assert missing == []


def test_the_readme_links_every_user_page() -> None:
    linked = set(_LINK.findall((ROOT / "README.md").read_text()))
    assert [page_id(page) for page in sorted((ROOT / "docs").glob("*.md")) if page_id(page) not in linked] == []


def test_contributing_links_every_development_page() -> None:
    linked = set(_LINK.findall((ROOT / "CONTRIBUTING.md").read_text()))
    pages = sorted((ROOT / "docs" / "development").glob("*.md"))
    assert [page_id(page) for page in pages if page_id(page) not in linked] == []
