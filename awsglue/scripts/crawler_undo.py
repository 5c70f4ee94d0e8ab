"""Takes back what a crawler did to the catalog; there are no crawlers here."""

from typing import Any, NoReturn

from ..unemulated import refuse


def main(*args: Any, **kwargs: Any) -> NoReturn:
    """Refuse."""
    refuse("awsglue.scripts.crawler_undo")


if __name__ == "__main__":
    main()
