"""What the names in a mapping stand for in a file: headers of CSV, paths of JSON, columns of Parquet.

Names are checked before anything is read: a header that is not there, or stands there twice, is an error that names
those there are.
"""

from continuity_analysis.catalog import Source
from continuity_analysis.errors import InputError
from continuity_analysis.ingest.csv_rows import places_of
from continuity_analysis.ingest.heads import Head
from continuity_analysis.words import few

SHOWN = 40


def check_names(source: Source, head: Head) -> None:
    """Hold the names in `columns` and `duration` against the file.

    Raises
    ------
    InputError
        If one is not there, or could be any of several.
    """
    wanted = dict(source.columns)
    if source.duration:
        wanted["duration"] = source.duration.column
    if head.container == "json":
        _check_first_record(source, head, wanted)
        return
    known = _known(head)
    for name, header in wanted.items():
        cell = header.strip().casefold()
        if header.startswith("$file"):
            continue
        if cell not in known:
            what = "columns" if head.container == "parquet" else "headers"
            raise InputError(
                f"columns: {name}: expected one of the file's {what} ({few(head.header, SHOWN) or 'none found'}); "
                f"got {header!r}"
            )
        if known[cell] > 1:
            raise InputError(
                f"columns: {name}: the header {header!r} stands {known[cell]} times in the file: "
                f"say which, as '{header}[1]' to '{header}[{known[cell]}]'"
            )


def _known(head: Head) -> dict[str, int]:
    """Name in small letters to how many columns it may stand for."""
    if head.container == "parquet":
        return {name.casefold(): 1 for name in head.header}
    plain = [cell.strip().casefold() for cell in head.header]
    return {name.casefold(): max(1, plain.count(name.casefold())) for name in places_of(head.header)}


def _check_first_record(source: Source, head: Head, wanted: dict[str, str]) -> None:
    """At least one path must lead somewhere in the first record; later records may have what it lacks."""
    if source.records or not head.first or any(_leads(path, head.first) for path in wanted.values()):
        return
    lists = [k for k, v in head.first.items() if isinstance(v, list) and v and isinstance(v[0], dict)]
    hint = f": if the records lie in {lists[0]!r}, add `records: {lists[0]}`" if lists else ""
    raise InputError(
        f"columns: none of {few(list(wanted.values()), SHOWN)} stands in the first record, "
        f"which has {few(list(head.first), SHOWN)}{hint}"
    )


def _leads(path: str, record: dict) -> bool:
    return path.startswith("$") or path.replace('"', "").split(".")[0].split("[")[0] in record or path in record


def path_of(name: str, head: Head) -> str:
    """A name of the mapping as a path of FIELDS."""
    if head.container == "parquet" and not name.startswith("$"):
        exact = next((h for h in head.header if h.casefold() == name.strip().casefold()), name)
        exact = name if name in head.header else exact
        return f'"{exact}"' if exact in head.keys else exact
    return name
