"""The version of the rows: raised only when the same call gives other rows (see CHANGELOG.md)."""

DATA_VERSION = 1
