"""The history of verdicts: what each report said, appended to the store and never changed.

A report's verdicts are kept as it saw them, not computed again from the logs: the objectives, the catalogue and the
program that judged are not in the store, so that nothing else could say later what was said then. All of a report are
one commit of one table: they are there together or not at all, whoever else writes, and whenever the writer is killed.
"""

from pathlib import Path
from uuid import uuid4

import pandas as pd
import pyarrow as pa

from continuity_analysis.store import delta, folder
from continuity_analysis.store.arrow_sql import ask, columns, moment
from continuity_analysis.tables import VERDICTS


def write_verdicts(store: "str | Path", judged: pd.DataFrame) -> None:
    """Append the verdicts of one report.

    Parameters
    ----------
    store : path or URL
    judged : DataFrame
        Columns of the canonical table `verdicts`; one that is not there is null. Without a row nothing is written.

    Raises
    ------
    StoreError
        If there is no store, it was written by a newer version, or it cannot be written.
    """
    folder.check(store)
    if judged.empty:
        return
    rows = pa.Table.from_pandas(judged.reindex(columns=VERDICTS.names), schema=VERDICTS.schema, preserve_index=False)
    ids = pa.array([uuid4().hex] * len(rows), pa.string())
    delta.append(store, "verdicts", rows.append_column(folder.WRITE_ID, ids))


def read_verdicts(store: "str | Path", *, known_at: pd.Timestamp | None = None, as_of=None) -> pa.Table:
    """Every verdict in the store, in the order in which they were given.

    Parameters
    ----------
    store : path or URL
    known_at : pandas.Timestamp, optional
        Only those of reports made up to this moment [UTC].
    as_of : pandas.Timestamp, optional
        Only those of reports that spoke of this moment or an earlier one [UTC].

    Returns
    -------
    pyarrow.Table
        The canonical table `verdicts`.

    Raises
    ------
    StoreError
        If there is no store, or it was written by a newer version.
    """
    folder.check(store)
    rows = delta.read(store, "verdicts")
    if not len(rows):
        return VERDICTS.schema.empty_table()
    return ask(
        f"""SELECT {columns(VERDICTS.names)} FROM rows CROSS JOIN known CROSS JOIN spoken
        WHERE (known_at IS NULL OR judged_at <= known_at) AND (as_of IS NULL OR observed_at <= as_of)
        ORDER BY judged_at, write_id, period_from_at, service, objective""",
        rows=rows,
        known=moment("known_at", known_at),
        spoken=moment("as_of", as_of),
    ).cast(VERDICTS.schema)
