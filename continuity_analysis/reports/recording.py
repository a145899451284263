"""What a report said is kept: its verdicts go into the store it was made from, beside those of earlier reports."""

from pathlib import Path

import pandas as pd

from continuity_analysis.errors import StoreError
from continuity_analysis.questions.verdict_history import judgements, with_present
from continuity_analysis.reports.fingerprints import file_digest
from continuity_analysis.reports.log import LOG
from continuity_analysis.reports.results import Judged
from continuity_analysis.reports.source import Source
from continuity_analysis.store import write_verdicts

NOT_KEPT = "The verdicts of this run could not be added to the history in the store"


def keep_verdicts(
    scorecard: pd.DataFrame | None, error: str | None = None, *, source: Source, store: "str | Path | None"
) -> Judged:
    """Append the verdicts of a run to the store, whose history then has them for good.

    `continuity check` keeps none: a monitoring system asks it every few minutes, often with no right to write.

    Parameters
    ----------
    scorecard : DataFrame, optional
        As `continuity_analysis.scorecard` returns it. Objectives that are not set have no verdict to keep.
    error : str, optional
        Why there is no scorecard.
    source : Source
        What it was made from.
    store : path or URL, optional
        The store itself, not the picture of it that the notebooks read; None for logs read from files.

    Returns
    -------
    Judged
        With the history as it stood before, and this run's verdicts at its end. Where they cannot be kept, such as in
        a store that may only be read, it says why: the reports appear all the same.
    """
    if scorecard is None:
        return Judged(error=error)
    history = with_present(source.logs.verdicts, judgements(scorecard, source.period, as_of=source.logs.as_of))
    if store is None:
        return Judged(scorecard, history=history)
    try:
        write_verdicts(store, judged_rows(scorecard, source))
    except StoreError as refused:
        LOG.warning("verdicts not kept", extra={"error": str(refused)})
        return Judged(scorecard, history=history, not_kept=f"{NOT_KEPT}. {refused}")
    return Judged(scorecard, history=history)


def judged_rows(scorecard: pd.DataFrame, source: Source) -> pd.DataFrame:
    """The rows of the canonical table `verdicts` that a scorecard makes."""
    rows = judgements(scorecard, source.period, as_of=source.logs.as_of)
    catalog = source.parameters.get("catalog")
    digest = file_digest(Path(catalog)) if catalog else None
    return rows.assign(judged_at=source.opened_at, version=source.facts.version, catalog_id=digest)
