"""What the current rows no longer show: how often each was read, and which begin after their own export was made."""

import pandas as pd
import pyarrow as pa

from continuity_analysis.ingest.exporting import begun_condition
from continuity_analysis.logs.courses import COURSES
from continuity_analysis.store.arrow_sql import ask, columns
from continuity_analysis.tables import TABLES

VERSIONS = ("table", "product", "format", "rows", "keys", "in_several", "within_one")
AHEAD = ("table", "product", "format", "n", "example", "latest_at")
_SKEW = "INTERVAL 5 MINUTES"


def count_versions(name: str, rows: pa.Table) -> pd.DataFrame:
    """Per product and format: rows read, different keys, and keys that stood in several exports or twice in one.

    Parameters
    ----------
    name : str
        A canonical table of evidence.
    rows : pyarrow.Table
        What was ever read: any number of versions.
    """
    if not len(rows):
        return pd.DataFrame(columns=list(VERSIONS))
    key = columns(("product", "format", *TABLES[name].key))
    statement = f"""
        SELECT '{name}' AS "table", product, format, sum(n)::BIGINT AS rows, count(*) AS keys,
            count(*) FILTER (exports > 1) AS in_several, count(*) FILTER (n > exports) AS within_one
        FROM (SELECT {key}, count(*) AS n, count(DISTINCT export_id) AS exports FROM rows GROUP BY {key})
        GROUP BY product, format ORDER BY product, format"""
    return ask(statement, rows=rows).to_pandas()


def count_ahead(name: str, current: pa.Table) -> pd.DataFrame:
    """Current rows that begin more than five minutes after the moment their export speaks of; plans are left out.

    Parameters
    ----------
    name : str
    current : pyarrow.Table
        Before it is cut at `as_of`: such rows are cut.
    """
    if not len(current) or name not in COURSES:
        return pd.DataFrame(columns=list(AHEAD))
    begin, key = COURSES[name].begin, f'"{TABLES[name].key[0]}"'
    statement = f"""
        SELECT '{name}' AS "table", product, format, count(*) AS n, any_value({key}::VARCHAR) AS example,
            max({begin}) AS latest_at
        FROM current WHERE {begin} > observed_at + {_SKEW} AND {begun_condition(name)}
        GROUP BY product, format ORDER BY product, format"""
    return ask(statement, current=current).to_pandas()
