"""Would undo a crawler's changes to the catalog."""

from typing import Any, NoReturn

from ..unemulated import refuse


def main(*args: Any, **kwargs: Any) -> NoReturn:
    """Raise NotImplementedError."""
    refuse("awsglue.scripts.crawler_undo")


if __name__ == "__main__":
    main()
