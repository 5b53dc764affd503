"""Benchmarks: each a command that prints a table for people and one line a figure."""
