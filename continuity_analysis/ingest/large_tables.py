"""Arrow tables of any size: beyond some rows they lie in a file without a name, and memory holds what is looked at."""

import mmap
from collections.abc import Iterator
from itertools import islice
from tempfile import TemporaryFile

import pyarrow as pa

MANY = 200_000
BATCH = 50_000


def gathered(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    """Batches as one table; more than MANY rows are mapped from a temporary file, which goes when the table does."""
    first = list(islice(batches, MANY // BATCH))
    if sum(batch.num_rows for batch in first) < MANY:
        return pa.Table.from_batches([*first, *batches], schema)
    with TemporaryFile(prefix="continuity-") as file:
        with pa.ipc.new_stream(file, schema) as out:
            for some in (first, batches):
                for batch in some:
                    out.write_batch(batch)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return pa.ipc.open_stream(pa.py_buffer(mapped)).read_all()


def constant(value, kind: pa.DataType, length: int) -> pa.ChunkedArray:
    """A column of one value over and over, which takes the memory of one batch only."""
    whole, rest = divmod(length, BATCH)
    scalar = pa.scalar(value, kind)
    chunk = pa.repeat(scalar, BATCH) if whole else None
    return pa.chunked_array([chunk] * whole + [pa.repeat(scalar, rest)] * (rest > 0), kind)
