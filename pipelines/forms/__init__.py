"""What people fill in: the tables of the templates' contracts, and the forms beside this file."""

from collections.abc import Iterator
from pathlib import Path

from pipelines.project import project

FORMS = Path(__file__).parent


def write_templates(folder: Path) -> list[Path]:
    """Write the tables and forms that are not in the folder yet; what was filled in stays.

    Returns:
        What was written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for source in _sources():
        path = folder / source.name
        if not path.exists():
            path.write_bytes(source.read_bytes())
            written.append(path)
    return written


def _sources() -> Iterator[Path]:
    yield from sorted((project().contracts / "templates").glob("*.csv"))
    yield from sorted(FORMS.glob("*.md"))
