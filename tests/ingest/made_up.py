"""Formats made up for the tests of the engine, put in place of the real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from unittest.mock import patch

from continuity_analysis.ingest import registry
from continuity_analysis.ingest.read import Reading, read_files

ROWS = "SELECT record_no, id AS incident_id, site AS component, begin AS started_at FROM records"
OUTAGES = {
    "__doc__": "Made-up outages.\n\nGet it with: nothing.",
    "CONTAINER": "json",
    "KEY": "outages",
    "FIELDS": {"id": "id", "site": "at.site", "begin": "begin"},
    "EXPORT": "window",
    "TABLES": {"incidents": ROWS},
    "recognises": lambda head: "outages" in head.keys or "id" in head.first or "outages" in head.first,
}


def made(name: str = "made_outages", **changes) -> registry.Format:
    """A format like OUTAGES with some attributes changed; None leaves one out."""
    module = ModuleType(f"made.{name}")
    for attribute, value in (OUTAGES | changes).items():
        if value is not None:
            setattr(module, attribute, value)
    return registry.read_module(module)


@contextmanager
def only(*formats: registry.Format) -> Iterator[None]:
    """Within it, these are all the formats there are."""
    with patch.object(registry, "formats", lambda: {one.name: one for one in formats}):
        yield


def read_made(files: dict[str, bytes], *formats: registry.Format, **options) -> list[Reading]:
    """Write files into a folder of their own and read it with these formats (by default `made()`) only."""
    with TemporaryDirectory() as folder, only(*(formats or (made(),))):
        for name, content in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return list(read_files(folder, **options))


def read_one(content: bytes, *formats: registry.Format, name: str = "file.json", **options) -> Reading:
    """Read one file of this content."""
    (reading,) = read_made({name: content}, *formats, **options)
    return reading


def ids(reading: Reading) -> list[str]:
    """The ids of the outages that were read, in the order of their records."""
    if "incidents" not in reading.tables:
        return []
    return reading.tables["incidents"].sort_by("record_no")["incident_id"].to_pylist()


def reasons(reading: Reading) -> dict[int, str]:
    """Reason of each rejected record, by its number."""
    return {row["record_no"]: row["reason"] for row in reading.rejects.to_pylist()}
