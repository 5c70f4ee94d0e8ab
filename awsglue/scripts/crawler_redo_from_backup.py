"""Brings back what crawler_undo took; there are no crawlers here."""

from typing import Any, NoReturn

from ..unemulated import refuse


def main(*args: Any, **kwargs: Any) -> NoReturn:
    """Refuse."""
    refuse("awsglue.scripts.crawler_redo_from_backup")


if __name__ == "__main__":
    main()
