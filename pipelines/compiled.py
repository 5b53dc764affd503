"""Templates of Jinja as it compiled them, kept: a run would spend half a second on them anew."""

import os

from jinja2 import FileSystemBytecodeCache

from pipelines.settings import made_dir

FOLDER = "templates"


def compiled_templates() -> FileSystemBytecodeCache | None:
    """Where they are kept, each with what it was compiled from; None where nobody may write.

    What is kept is found by a template's name and file: those of one name are of one environment.
    """
    folder = made_dir() / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None
