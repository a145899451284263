"""What the caller and the catalogue say about a file before it is read."""

from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from continuity_analysis.catalog import Catalog, Source
from continuity_analysis.errors import InputError
from continuity_analysis.ingest.files import PlainFile
from continuity_analysis.ingest.heads import Head
from continuity_analysis.ingest.registry import MAPPED, Format, find_format, recognise


@dataclass(frozen=True)
class Told:
    """What the caller says about all files."""

    catalog: Catalog
    timezone: str | None = None
    format: Format | None = None
    as_of: datetime | None = None

    def source_of(self, name: str) -> Source:
        """The first entry of `sources` whose glob fits the file called `name`; an empty one where none does.

        A `*` stands for any text, `/` included; a file's .gz or .zst need not be written.
        """
        names = (name, name.removesuffix(".gz").removesuffix(".zst"))
        fits = (s for s in self.catalog.sources if any(fnmatchcase(n, s.path) for n in names))
        return next(fits, Source(path=name))

    def zone_for(self, source: Source) -> str | None:
        """The zone of naive times: the source's, else the caller's, else the catalogue's."""
        return source.timezone or self.timezone or self.catalog.timezone

    def format_of(self, head: Head, source: Source) -> Format:
        """The format a file is read with: the caller's, else the source's, else the one that claims it.

        Raises
        ------
        InputError
            With the reason, where there is none or more than one.
        """
        if self.format is not None:
            made = self.format
        elif source.format or source.columns:
            made = find_format(source.format or _mapped(head))
        else:
            made, reason = recognise(head)
            if made is None:
                raise InputError(reason)
        strict = made.name in MAPPED.values() or "parquet" in (made.container, head.container)
        if strict and made.container != head.container:
            raise InputError(f"{made.name}: expected {_WORDS[made.container]}, got {_WORDS[head.container]}")
        return made if made.of_source is None else made.of_source(made, source, head)


_WORDS = {"csv": "CSV", "json": "JSON", "lines": "text lines", "parquet": "Parquet"}


def _mapped(head: Head) -> str:
    if head.container not in MAPPED:
        raise InputError("expected CSV, JSON or Parquet, since `columns` are mapped; got text lines")
    return MAPPED[head.container]


@dataclass(frozen=True)
class Part:
    """A file that is ready to be read, and its head."""

    file: PlainFile
    head: Head


@dataclass(frozen=True)
class Job:
    """Files to be read as one, by one format, and what the catalogue says of them."""

    name: str
    made: Format
    parts: list[Part]
    source: Source
