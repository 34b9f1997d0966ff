"""What a run found, as text, JSON, HTML and Data Docs."""
