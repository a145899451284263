"""What a report said is kept: its verdicts go into the store it was made from, beside those of earlier reports."""

from pathlib import Path

import pandas as pd

from continuity_analysis.errors import ContinuityError
from continuity_analysis.questions.verdict_history import judgements
from continuity_analysis.reports.fingerprints import file_digest
from continuity_analysis.reports.source import Source
from continuity_analysis.store import write_verdicts

NOT_KEPT = "This report's verdicts could not be added to the history in the store"


def record_verdicts(scorecard: pd.DataFrame, source: Source, *, store: "str | Path | None") -> str | None:
    """Append the verdicts of a report to the store, whose history then has them for good.

    Parameters
    ----------
    scorecard : DataFrame
        As `continuity_analysis.scorecard` returns it. Objectives that are not set have no verdict to keep.
    source : Source
        What it was made from.
    store : path or URL, optional
        The store itself, not the picture of it that the notebooks read; None for logs read from files.

    Returns
    -------
    str or None
        Why they could not be kept, such as a store that may only be read: the report appears all the same.
    """
    if store is None:
        return None
    try:
        write_verdicts(store, judged_rows(scorecard, source))
    except ContinuityError as error:
        return f"{NOT_KEPT}. {error}"
    return None


def judged_rows(scorecard: pd.DataFrame, source: Source) -> pd.DataFrame:
    """The rows of the canonical table `verdicts` that a scorecard makes."""
    rows = judgements(scorecard, source.period, as_of=source.logs.as_of)
    catalog = source.parameters.get("catalog")
    digest = file_digest(Path(catalog)) if catalog else None
    return rows.assign(judged_at=source.opened_at, version=source.facts.version, catalog_id=digest)
