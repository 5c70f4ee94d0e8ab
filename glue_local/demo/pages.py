"""Pages from Jinja templates: one self-contained file each, in the style of ``page.html.j2``."""

from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader

_STYLE = "glue_local.demo"


def render_page(package: str, template: str, **values: Any) -> str:
    """Return a page from a package's ``templates/``; its templates may extend and import those of the demo."""
    loader = ChoiceLoader([PackageLoader(package), PackageLoader(_STYLE)])
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(template).render(**values)
