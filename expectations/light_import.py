"""Great Expectations, imported without the libraries that no check here reaches.

Of its CPU, half goes to Altair (pictures of distributions), SciPy (tests on them) and PySpark (its
other engine); where they are installed, some goes to what speaks to stores and to warehouses. Of
what is left, a third goes to its own classes for data in files and frames, where ours lies in a
database. They are stood in for while it is imported, and only then: who imports them later gets the
real ones.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

# Its own modules for data in files and in frames.
PLACES = (
    *("pandas", "pandas_azure_blob_storage", "pandas_dbfs", "pandas_file_path"),
    *("pandas_filesystem", "pandas_google_cloud_storage", "pandas_s3"),
    *("spark", "spark_azure_blob_storage", "spark_dbfs", "spark_file_path", "spark_filesystem"),
    *("spark_google_cloud_storage", "spark_s3"),
)
FLUENT = "great_expectations.datasource.fluent"
UNUSED = (
    *("altair", "scipy", "scipy.stats"),
    *(f"{FLUENT}.{place}_datasource" for place in PLACES),
)
ABSENT = ("pyspark", "boto3", "botocore", "sqlalchemy_bigquery", "sqlalchemy_redshift")


class _Standin(ModuleType):
    """A module whose every name is an empty class."""

    __path__: list[str] = []  # noqa: RUF012 - what makes a module a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@contextmanager
def without_unused() -> Iterator[None]:
    """Stand in for what is not loaded yet; importing an absent one raises ImportError."""
    standins: dict[str, ModuleType | None] = {
        **{name: _Standin(name) for name in UNUSED if name not in sys.modules},
        **{name: None for name in ABSENT if name not in sys.modules},
    }
    sys.modules.update(standins)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in standins:
            del sys.modules[name]


def import_great_expectations() -> ModuleType:
    """The package `great_expectations`, once."""
    if "great_expectations" not in sys.modules:
        # What it makes stays: neither now nor later need a collection look through all of it.
        gc.disable()
        try:
            with without_unused():
                import_module("great_expectations")
        finally:
            gc.enable()
        gc.freeze()
    return sys.modules["great_expectations"]
