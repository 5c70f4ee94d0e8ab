"""Fetches a connector of AWS Marketplace; there is no Marketplace here."""

from typing import Any, NoReturn

from ..unemulated import refuse


def main(*args: Any, **kwargs: Any) -> NoReturn:
    """Refuse."""
    refuse("awsglue.scripts.activate_etl_connector")


if __name__ == "__main__":
    main()
