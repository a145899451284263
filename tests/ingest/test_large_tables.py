"""Large results lie in a file without a name and are the same rows."""

import warnings

import duckdb
import pyarrow as pa
import pytest

from continuity_analysis.ingest import large_tables


def gathered(query: str) -> pa.Table:
    reader = duckdb.connect().sql(query).to_arrow_reader(large_tables.BATCH)
    return large_tables.gathered(reader, reader.schema)


@pytest.mark.parametrize("rows", [0, 1, 99, 100, 101, 150, 260])
def test_rows_are_the_same_wherever_they_lie(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_tables, "MANY", 100)
    monkeypatch.setattr(large_tables, "BATCH", 50)
    query = f"SELECT i, CASE WHEN i % 7 <> 0 THEN 'text ' || i END AS s, [i] AS l FROM range({rows}) t(i)"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = gathered(query)
    assert found.equals(duckdb.sql(query).to_arrow_table())


def test_large_tables_take_no_memory_of_their_own() -> None:
    before = pa.total_allocated_bytes()
    found = gathered("SELECT 'some longer text ' || i AS s FROM range(1000000) t(i)")
    stamped = found.append_column("of", large_tables.constant("x" * 64, pa.string(), found.num_rows))
    assert stamped.num_rows == 1_000_000
    assert stamped["of"].null_count == 0
    assert stamped["s"][999_999].as_py() == "some longer text 999999"
    assert pa.total_allocated_bytes() - before < 8_000_000
