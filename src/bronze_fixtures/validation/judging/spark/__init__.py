"""Suites judged on Apache Spark."""
