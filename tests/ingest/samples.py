"""Fixture samples of the formats: where they lie, how one is read, and its tables as plain JSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import pyarrow as pa

from continuity_analysis.catalog import read_catalog
from continuity_analysis.ingest.read import Reading, read_files
from continuity_analysis.tables import PROVENANCE, TABLES

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ENDING = ".expected.json"
LEFT_OUT = {c.name for c in PROVENANCE} - {"record_no"}


@dataclass(frozen=True)
class Sample:
    """One sample of a format, and where its expected tables stand."""

    format: str
    path: Path

    @property
    def expected_path(self) -> Path:
        """The file beside the sample that says what must come out."""
        return self.path.with_name(stem(self.path) + ENDING)

    @property
    def expected(self) -> dict:
        """What must come out."""
        return json.loads(self.expected_path.read_text(encoding="utf-8"))


def stem(path: Path) -> str:
    """The name of a sample without its kind: `a.b.json.gz` is `a.b`, a folder keeps its name."""
    if path.is_dir():
        return path.name
    name = path.name.removesuffix(".gz").removesuffix(".zst")
    return name.rsplit(".", 1)[0] if "." in name else name


def samples_of(folder: Path) -> list[Sample]:
    """All samples of one fixture folder; a sample is a file, or a folder of files read together."""
    paths = sorted(p for p in folder.iterdir() if not p.name.endswith(ENDING) and not p.name.startswith("."))
    return [Sample(folder.name, p) for p in paths]


def all_samples() -> Iterator[Sample]:
    """The samples of every format that has a fixture folder."""
    for folder in sorted(p for p in FIXTURES.iterdir() if p.is_dir()):
        yield from samples_of(folder)


def read_sample(path: Path, options: dict) -> list[Reading]:
    """Read one sample with its `options`: timezone, as_of, format, catalog (as a dict)."""
    options = dict(options)
    catalog = read_catalog(options.pop("catalog", None))
    return list(read_files([path], catalog=catalog, **options))


def outcome(reading: Reading) -> dict:
    """What came out of a sample, in the shape of an expected file."""
    rejects = reading.rejects.to_pylist()
    return {
        "records": reading.records,
        "used": reading.used,
        "ignored": dict(reading.ignored_reasons),
        "rejected": [{"record_no": r["record_no"], "reason": r["reason"]} for r in rejects],
        "tables": {name: plain_rows(name, table) for name, table in sorted(reading.tables.items())},
    }


def differences(reading: Reading, expected: dict) -> list[str]:
    """What of a reading is not as expected: the parts that differ, none where all is right."""
    got = outcome(reading)
    found = [part for part in ("records", "used", "ignored") if got[part] != expected[part]]
    rejected = [(r["record_no"], r["reason"]) for r in got["rejected"]]
    wanted = [(r["record_no"], r["reason"]) for r in expected["rejected"]]
    if [n for n, _ in rejected] != [n for n, _ in wanted] or any(
        words not in reason for (_, reason), (_, words) in zip(rejected, wanted, strict=True)
    ):
        found.append(f"rejected: {rejected}")
    found += [f"table {n}" for n in sorted(got["tables"].keys() ^ expected["tables"].keys())]
    for name, rows in expected["tables"].items():
        read = got["tables"].get(name, rows)
        extra, missing = [r for r in read if r not in rows], [r for r in rows if r not in read]
        if extra or missing or len(read) != len(rows):
            found.append(f"rows of {name}: {extra} instead of {missing}")
    for column, value in expected.get("export", {}).items():
        if plain(reading.export[column]) != value:
            found.append(f"{column} of the export: {plain(reading.export[column])}")
    return found


def plain_rows(name: str, table: pa.Table) -> list[dict]:
    """Rows of a canonical table as JSON values: nulls and provenance left out, moments as ISO text in UTC."""
    own = {c.name for c in TABLES[name].columns} | set(TABLES[name].key)
    kept = [c for c in table.column_names if c in own or c not in LEFT_OUT]
    rows = [{k: plain(v) for k, v in row.items() if v is not None} for row in table.select(kept).to_pylist()]
    return sorted((dict(sorted(row.items(), key=_record_first)) for row in rows), key=_order)


def plain(value):
    """One value as JSON has it; a moment as `2026-01-31T12:00:00Z`, with a fraction only where it has one."""
    if not hasattr(value, "astimezone"):
        return value
    text = value.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"


def _record_first(item) -> tuple:
    return (item[0] != "record_no",)


def _order(row: dict) -> tuple:
    return (row.get("record_no", 0), json.dumps(row, sort_keys=True, default=str))
