"""Thin Dagster glue, one folder per job to be done. The work itself is in pure functions."""
