"""Benchmarks: the whole journey against real servers, as a ratio to a floor measured in the same run."""
