"""SQL over Arrow tables, in UTC, whatever the machine's own zone."""

import os
from functools import cache

import pandas as pd
import pyarrow as pa

from continuity_analysis.tables import MOMENT


def ask(statement: str, /, **tables: pa.Table) -> pa.Table:
    """The answer of one DuckDB statement over Arrow tables, each known in it by its keyword.

    Parameters
    ----------
    statement : str
        One SELECT. The session's time zone is UTC; moments come back as `timestamp[us, UTC]`.
    **tables : pyarrow.Table

    Returns
    -------
    pyarrow.Table
    """
    with _database(os.getpid()).cursor() as session:
        for name, table in tables.items():
            session.register(name, table)
        return session.sql(statement).to_arrow_table()


@cache
def _database(process: int):
    """One empty database per process: opening one takes longer than most questions, and none outlives a fork."""
    import duckdb

    database = duckdb.connect(":memory:")
    database.execute("SET GLOBAL TimeZone = 'UTC'")
    return database


def moment(name: str, value: pd.Timestamp | None) -> pa.Table:
    """A table of one row and one moment, to be joined to every row; not known is null."""
    return pa.table({name: pa.array([None if value is None or pd.isna(value) else value], MOMENT)})


def columns(names, *, source: str = "") -> str:
    """Column names as a SQL list, quoted, each with the name of its table in front if one is given."""
    return ", ".join(f'{source}."{name}"' if source else f'"{name}"' for name in names)
