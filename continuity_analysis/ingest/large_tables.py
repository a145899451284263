"""Arrow tables of any size: beyond some rows they lie in a file without a name, and memory holds what is looked at."""

import mmap
from itertools import islice
from tempfile import TemporaryFile

import duckdb
import pyarrow as pa

MANY = 200_000
_BATCH = 50_000


def rows_of(con: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """The rows of a query; more than MANY of them are mapped from a temporary file, which goes when the table does."""
    reader = con.sql(query).to_arrow_reader(_BATCH)
    first = list(islice(reader, MANY // _BATCH))
    if sum(batch.num_rows for batch in first) < MANY:
        return pa.Table.from_batches([*first, *reader], reader.schema)
    with TemporaryFile(prefix="continuity-") as file:
        with pa.ipc.new_stream(file, reader.schema) as out:
            for batches in (first, reader):
                for batch in batches:
                    out.write_batch(batch)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return pa.ipc.open_stream(pa.py_buffer(mapped)).read_all()


def constant(value, kind: pa.DataType, length: int) -> pa.ChunkedArray:
    """A column of one value over and over, which takes the memory of one batch only."""
    whole, rest = divmod(length, _BATCH)
    scalar = pa.scalar(value, kind)
    chunk = pa.repeat(scalar, _BATCH) if whole else None
    return pa.chunked_array([chunk] * whole + [pa.repeat(scalar, rest)] * (rest > 0), kind)
