"""Benchmarks: one command measures every figure and writes `docs/benchmarks.md`."""
