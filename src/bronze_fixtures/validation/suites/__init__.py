"""Suites and their views: written from the plans, read to be run."""
