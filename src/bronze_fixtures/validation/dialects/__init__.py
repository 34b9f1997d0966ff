"""The views in the SQL dialects of other engines."""
