"""The command line, `bronze-fixtures`."""

from bronze_fixtures.cli.main import main

__all__ = ["main"]
