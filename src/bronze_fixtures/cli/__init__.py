"""The command line, `bronze-fixtures`."""

from bronze_fixtures.cli.run import main

__all__ = ["main"]
