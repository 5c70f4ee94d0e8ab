"""Would restore what crawler_undo removed from the catalog."""

from typing import Any, NoReturn

from ..unemulated import refuse


def main(*args: Any, **kwargs: Any) -> NoReturn:
    """Raise NotImplementedError."""
    refuse("awsglue.scripts.crawler_redo_from_backup")


if __name__ == "__main__":
    main()
