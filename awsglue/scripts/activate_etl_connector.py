"""Would fetch a connector from AWS Marketplace, which does not exist locally."""

from typing import Any, NoReturn

from ..unemulated import refuse


def main(*args: Any, **kwargs: Any) -> NoReturn:
    """Raise NotImplementedError."""
    refuse("awsglue.scripts.activate_etl_connector")


if __name__ == "__main__":
    main()
