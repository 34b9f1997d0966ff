"""One generator per dataset: its clean table from its parents and its random streams."""
