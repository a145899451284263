"""Mutants of the formats that a mapping makes: an edit is made for all columns at once, as they share their SQL."""

import re
from collections.abc import Iterator
from dataclasses import replace

from continuity_analysis.ingest.formats._mapped import known_text
from continuity_analysis.ingest.registry import Format
from tests.ingest.mutants import Mutant, edited, mutants_of, shown

NAMES = ("csv_mapped", "json_mapped", "parquet_mapped")
_COLUMN = "COLUMN"
_AGAIN = re.compile(r"(COLUMN IS NULL|regexp_full_match\(lower\(trim\(COLUMN\)\), '[^']*'\))(?: (?:AND|OR) \1)+")
_FACTOR = re.compile(r"(AS DOUBLE\)(?:, 0\))? \*) [0-9.]+")


def mapped_mutants(made: Format) -> Iterator[Mutant]:
    """Mutants of a format that a mapping made; what differs in the name of the column only is told alike."""
    spellings = _spellings(made)
    for mutant in mutants_of(made):
        if not mutant.old:
            told = _general(re.sub(r"^(rejects without) .*", r"\1 a reason", mutant.what), spellings)
            yield replace(mutant, what=told)
            continue
        old, new = (_general(sql, spellings) for sql in (mutant.old, mutant.new))
        yield Mutant(f"{shown(old)}  ->  {shown(new)}", _everywhere(mutant, spellings), old, new)


def _spellings(made: Format) -> list[str]:
    """Every piece of SQL by which a column is read, the longest first."""
    plain = [s for name in made.fields for s in (known_text(name), name)]
    return sorted(plain + [f"replace({s}, ',', '.')" for s in plain], key=len, reverse=True)


def _standing(spelling: str) -> str:
    """A pattern that finds a spelling where it is not part of a longer name."""
    return rf"(?<![\w']){re.escape(spelling)}(?!\w)"


def _general(text: str, spellings: list[str]) -> str:
    """Text with one word in place of every column, whatever the unit, and once what is asked of several in a row."""
    named = re.sub("|".join(map(_standing, spellings)), _COLUMN, text)
    return _AGAIN.sub(r"\1", _FACTOR.sub(r"\1 UNIT", named))


def _everywhere(mutant: Mutant, spellings: list[str]) -> Format:
    """The format with an edit made in the SQL of every column, or of this one where it names several."""
    here = next((s for s in spellings if s != mutant.old and re.search(_standing(s), mutant.old)), None)
    changed = mutant.made
    for other in spellings if here else ():
        old, new = (re.sub(_standing(here), lambda _, other=other: other, t) for t in (mutant.old, mutant.new))
        if any(old in statement for statement in changed.statements):
            changed = edited(changed, old, new)
    return changed
