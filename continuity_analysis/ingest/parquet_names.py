"""The names in a Parquet file."""

from pathlib import Path

import pyarrow as pa

from continuity_analysis.errors import InputError

MAGIC = (b"PAR1", b"PARE")


def column_names(path: Path) -> tuple[list[str], frozenset[str]]:
    """All names of a file: of its columns and, dotted, of what lies in their structs; and those of its columns only.

    Raises
    ------
    InputError
        If the file is cut off, damaged or encrypted.
    """
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        why = str(error).partition("\n")[0].rstrip(".")
        raise InputError(f"a Parquet file that is cut off, damaged or encrypted ({why}): export it again") from error
    return [name for field in schema for name in _names(field, "")], frozenset(schema.names)


def _names(field: pa.Field, before: str) -> list[str]:
    if not pa.types.is_struct(field.type):
        return [before + field.name]
    return [name for inner in field.type for name in _names(inner, f"{before}{field.name}.")]
