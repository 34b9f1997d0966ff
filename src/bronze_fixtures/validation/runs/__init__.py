"""Suites run over a lake, a folder or frames."""
