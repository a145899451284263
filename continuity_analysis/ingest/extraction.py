"""FIELDS of a format as SQL: every field of a record in one pass, as text, null when absent.

Where a name stands twice in an object, the first counts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from continuity_analysis.ingest.csv_rows import places_of
from continuity_analysis.ingest.moments import named, quoted
from continuity_analysis.ingest.registry import SPECIAL, Format

OBSERVED = "_observed"
_STEP = re.compile(r'"([^"]+)"|([^.\[\]"]+)|\[(\d+)\]')


@dataclass(frozen=True)
class Extraction:
    """SQL of one pass over `value`, `_page`, `page` and `_array`.

    `source` is the expression that fetches all plain paths at once (as a list called `x`); `columns` names each field.
    """

    source: str
    columns: str


def one_pass(fields: Extraction, number: int, *, source: str, reason: str) -> str:
    """SQL of one pass over `source`, with all columns of `found` but its number.

    Parameters
    ----------
    fields : Extraction
    number : int
        Number of the file.
    source : str
        SELECT of _line, _sub, value, _page, page, _array and _reason.
    reason : str
        SQL of why a record cannot be used.
    """
    return f"""
        SELECT {number} AS _file, _line, _sub, _reason, _page, {fields.columns}
        FROM (SELECT *, CASE WHEN _reason IS NULL THEN {fields.source} END AS x
              FROM (SELECT * REPLACE ({reason} AS _reason) FROM ({source})))"""


def split_path(path: str) -> tuple[str, str]:
    """A dotted path as the name it begins with ("" where it begins with an index) and the rest as DuckDB's JSON path.

    Keys that hold dots stand in double quotes, indices in brackets.
    """
    steps = [
        (key or plain, f"[{index}]" if index else f'."{key or plain}"') for key, plain, index in _STEP.findall(path)
    ]
    return steps[0][0], "$" + "".join(step for _, step in steps[1:])


def json_path(path: str) -> str:
    """A dotted path as DuckDB's JSON path."""
    return split_path(f"$.{path}")[1]


def of_json(made: Format, name: str) -> Extraction:
    """Fields of JSON records of the file called `name`."""
    return _extraction(made, name, json_path)


def of_csv(made: Format, name: str, header: list[str]) -> Extraction:
    """Fields of CSV records, which are JSON lists of cells in the order of `header`; of equal headers the first."""
    exact, loose = places_of(header), {}
    for cell, place in exact.items():
        loose.setdefault(cell.casefold(), place)

    def path(wanted: str) -> str | None:
        place = exact.get(wanted, loose.get(wanted.casefold()))
        return None if place is None else f"$[{place}]"

    return _extraction(made, name, path)


def of_lines(made: Format, name: str) -> Extraction:
    """Fields of text lines: what the one group of each pattern finds, null where it finds nothing."""
    special = {"$file": quoted(name), "$raw": "value"}
    columns = [
        f"coalesce({_list(special.get(p, _found(p)) for p in patterns)}) AS {named(field)}"
        for field, patterns in made.fields.items()
    ]
    return Extraction("NULL", ", ".join([*columns, f"NULL::VARCHAR AS {OBSERVED}"]))


def _found(pattern: str) -> str:
    return f"nullif(regexp_extract(value, {quoted(pattern)}, 1), '')"


def _list(parts) -> str:
    return ", ".join(["NULL::VARCHAR", *parts])


def _extraction(made: Format, name: str, path_of: Callable[[str], str | None]) -> Extraction:
    paths: list[str] = []

    def fetch(wanted: str) -> str | None:
        path = path_of(wanted)
        if path is not None and path not in paths:
            paths.append(path)
        return None if path is None else f"x[{paths.index(path) + 1}]"

    columns = field_columns(made, name, fetch)
    wanted = ", ".join(quoted(p) for p in paths)
    return Extraction(f"json_extract_string(value, [{wanted}])" if paths else "NULL", columns)


def field_columns(made: Format, name: str, fetch: Callable[[str], str | None]) -> str:
    """SQL of every field by its name, and of the file's own stamp.

    Parameters
    ----------
    made : Format
    name : str
        Name of the file.
    fetch : callable
        A plain path as SQL, or None where the file has no such thing.
    """

    def one(wanted: str) -> str | None:
        start = wanted.split(".")[0]
        if start not in SPECIAL:
            return fetch(wanted)
        rest = wanted[len(start) + 1 :]
        page = f"json_extract_string(page, {quoted(json_path(rest))})" if rest else "page"
        return {"$file": quoted(name), "$raw": "value", "$key": "_array", "$page": page}[start]

    def column(alternatives: tuple[str, ...]) -> str:
        return f"coalesce({_list(filter(None, map(one, alternatives)))})"

    columns = [f"{column(alternatives)} AS {named(field)}" for field, alternatives in made.fields.items()]
    stamp = (f"$page.{made.observed}", made.observed) if made.observed else ()
    return ", ".join([*columns, f"{column(stamp)} AS {OBSERVED}"])


JSON_REASON = """CASE
    WHEN NOT json_valid(value) THEN 'it is not valid JSON'
    WHEN NOT regexp_matches(value, '^\\s*\\{') THEN 'expected an object, got ' || CASE json_type(value)
        WHEN 'ARRAY' THEN 'a list' WHEN 'VARCHAR' THEN 'a text' WHEN 'BOOLEAN' THEN 'true or false'
        WHEN 'NULL' THEN 'null' ELSE 'a number' END END"""
