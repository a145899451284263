"""SQL of a user's own over the tables in hand: reads them, and can reach nothing else."""

from collections.abc import Mapping

import pandas as pd

from continuity_analysis.errors import InputError

READING = {"SELECT", "EXPLAIN", "MULTI"}  # DuckDB calls PIVOT a multiple statement


def ask_tables(tables: Mapping[str, pd.DataFrame], query: str, *, timezone: str = "UTC") -> pd.DataFrame:
    """The answer of one SQL query over DataFrames, each known in it by its name.

    The query runs in an empty DuckDB database in memory that has the tables as views and nothing else: no files, no
    network, no variables of the caller, and no setting that could open these again.

    Parameters
    ----------
    tables : mapping of str to DataFrame
    query : str
        One statement that reads, in DuckDB's dialect: SELECT, WITH, FROM, PIVOT, DESCRIBE, SUMMARIZE or EXPLAIN.
    timezone : str
        IANA zone in which functions such as `date_trunc` and `hour` take a moment apart.

    Returns
    -------
    DataFrame
        Moments in UTC, as in the tables.

    Raises
    ------
    InputError
        If it is not one such statement, or it does not fit the tables.
    """
    import duckdb

    try:
        statements = duckdb.extract_statements(query)
        if len(statements) != 1 or statements[0].type.name not in READING:
            raise InputError(f"Expected one statement that reads, such as SELECT …, got {_told(query)}.")
        with duckdb.connect(":memory:", config=_closed()) as session:
            session.execute(f"SET TimeZone = '{timezone}'")
            session.execute("SET lock_configuration = true")
            for name, frame in tables.items():
                session.register(name, frame)
            return _in_utc(session.sql(query).df())
    except duckdb.Error as error:
        raise InputError(_sentence(error, tables, query)) from error


def _closed() -> dict[str, bool]:
    return {"enable_external_access": False, "python_enable_replacements": False}


def _in_utc(answer: pd.DataFrame) -> pd.DataFrame:
    moments = [c for c in answer if isinstance(answer[c].dtype, pd.DatetimeTZDtype)]
    return answer.assign(**{c: answer[c].dt.tz_convert("UTC") for c in moments})


def _told(query: str, *, most: int = 60) -> str:
    words = " ".join(query.split())
    return repr(words if len(words) <= most else f"{words[: most - 1]}…") if words else "nothing"


def _sentence(error: Exception, tables: Mapping[str, pd.DataFrame], query: str) -> str:
    """DuckDB's own first line, then what there is: the columns of the tables named in the query, else the tables."""
    said = str(error).strip().splitlines()[0].split("Error: ", 1)[-1].rstrip(".!")
    if "disabled by configuration" in said:
        return f"Expected a query over the tables {', '.join(tables)}: files and the network are out of reach here."
    words = {word.lower() for word in "".join(c if c.isalnum() or c == "_" else " " for c in query).split()}
    named = [name for name in tables if name in words]
    known = "; ".join(f"{name} has {', '.join(tables[name])}" for name in named)
    missing = not named or "does not exist" in said
    return f"{said}; " + (f"the tables are {', '.join(tables)}." if missing else f"{known}.")
