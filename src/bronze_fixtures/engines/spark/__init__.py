"""Shards run by Apache Spark."""
