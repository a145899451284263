"""The rows of all readings together, each content once, and the files that gave none."""

from pathlib import Path

import pandas as pd
import pyarrow as pa

from continuity_analysis import tables
from continuity_analysis.store.unread import SAME_CONTENT


def rows_of(readings: list) -> tuple[dict[str, pa.Table], pd.DataFrame]:
    """All rows of all readings, each content once, and the files that gave none."""
    once, skipped = {}, [(r.file, r.reason) for r in readings if r.export is None]
    for reading in sorted((r for r in readings if r.export is not None), key=lambda r: r.file):
        first = once.setdefault(reading.export["export_id"], reading)
        skipped += [(reading.file, f"{SAME_CONTENT} {first.file}")] if first is not reading else []
    parts = {name: [tables.empty(name)] for name in tables.TABLES}
    for reading in once.values():
        for name, rows in {**reading.tables, "rejects": reading.rejects}.items():
            parts[name].append(rows.select(tables.TABLES[name].names))
    parts["exports"].append(pa.Table.from_pylist([r.export for r in once.values()], schema=tables.EXPORTS.schema))
    skipped = sorted(skipped)
    return {n: pa.concat_tables(p) for n, p in parts.items()}, frame_of(skipped)


def frame_of(skipped: list[tuple[str, str]]) -> pd.DataFrame:
    """Files that gave nothing, as columns file, reason."""
    return pd.DataFrame(skipped, columns=["file", "reason"], dtype="str")


def nothing_read(origin: str, paths: list, skipped: pd.DataFrame) -> str:
    """The sentence where no file is of a known format; `skipped` has columns file, reason."""
    if any((Path(p) / "exports" / "_delta_log").is_dir() for p in paths):
        return f"Expected logs at {origin}, got a store: open it with open_store (--store)."
    first = f" (the first, {skipped['file'].iloc[0]}: {skipped['reason'].iloc[0]})" if len(skipped) else ""
    got = f"{len(skipped)} files of none{first}" if len(skipped) else "no files"
    return f"Expected logs of a known format at {origin}, got {got}; see continuity formats for what is read."
