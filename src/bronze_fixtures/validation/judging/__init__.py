"""One suite judged by Great Expectations, and what its failures mean."""
