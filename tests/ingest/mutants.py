"""Mutants of a format: the format with one rule, field, setting or piece of SQL taken out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from continuity_analysis.ingest.registry import EXPORT_KINDS, Format
from tests.ingest.sql_edits import edits_of

ABSENT = {"json": "$page.no such key", "parquet": "$page.no such key", "csv": "no such header", "lines": "^$(nothing)"}


@dataclass(frozen=True)
class Mutant:
    """A format with one thing changed; `old` and `new` are set where it is a piece of SQL."""

    what: str
    made: Format
    old: str = ""
    new: str = ""

    @property
    def edit(self) -> tuple[str, str, str]:
        """What tells it from all others; of long SQL, `what` leaves the middle out."""
        return self.what, self.old, self.new


def mutants_of(made: Format) -> Iterator[Mutant]:
    """Every mutant of a format."""
    for part in ("ignores", "rejects"):
        rules = getattr(made, part)
        for reason in rules:
            left = {k: v for k, v in rules.items() if k != reason}
            yield Mutant(f"{part} without {reason!r}", replace(made, **{part: left}))
    for name, ways in made.fields.items():
        for way in ways if len(ways) > 1 else ():
            left = tuple(w for w in ways if w != way)
            yield Mutant(f"field {name} without {way!r}", replace(made, fields={**made.fields, name: left}))
        gone = {**made.fields, name: (ABSENT[made.container],)}
        yield Mutant(f"field {name} is null", replace(made, fields=gone))
    for name in made.naive:
        yield Mutant(f"NAIVE without {name}", replace(made, naive=tuple(n for n in made.naive if n != name)))
    if made.observed:
        yield Mutant("OBSERVED = None", replace(made, observed=None))
    if made.scope:
        yield Mutant("SCOPE = None", replace(made, scope=None))
    other = next(kind for kind in EXPORT_KINDS if kind != made.export)
    yield Mutant(f"EXPORT is {other}", replace(made, export=other))
    for old, new in dict.fromkeys(e for sql in made.statements for e in edits_of(sql)):
        yield Mutant(f"{shown(old)}  ->  {shown(new)}", edited(made, old, new), old, new)


def edited(made: Format, old: str, new: str) -> Format:
    """The format with a piece of its SQL put otherwise, wherever it stands."""
    parts = {p: {k: v.replace(old, new) for k, v in getattr(made, p).items()} for p in ("ignores", "rejects", "tables")}
    other = replace(made, **parts)
    if other == made:
        raise AssertionError(f"{made.name}: nothing was changed in {shown(old)}")
    return other


def shown(sql: str) -> str:
    """SQL on one line, its middle left out where it is long."""
    line = re.sub(r"\s+", " ", sql)
    return line if len(line) <= 150 else f"{line[:100]} … {line[-48:]}"
