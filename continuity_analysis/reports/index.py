"""The page a run opens with: the scorecard, worst first, the verdicts of past periods, then links to its reports."""

import pandas as pd

from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS, scorecard_table
from continuity_analysis.figures.verdict_order import worst_services_first
from continuity_analysis.figures.verdict_tables import (
    PERIODS_AT_MOST,
    revised_verdicts_table,
    verdict_history_sentence,
    verdict_matrix,
)
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.reports.html import PageExporter, look
from continuity_analysis.reports.results import Judged, ReportResult

SHOWN, SHOWN_AT_MOST = 40, 60
"""Rows of the scorecard that are shown before the rest is folded away, where more than so many were promised."""


def index_page(facts: RunFacts, reports: list[ReportResult], *, judged: Judged) -> str:
    """The page `index.html`.

    Parameters
    ----------
    facts : RunFacts
        What the run was made from.
    reports : list of ReportResult
        Those with a deck come first, else as they are.
    judged : Judged
        The scorecard and the history of verdicts.
    """
    ordered = sorted((r for r in reports if r.service is None), key=lambda report: report.deck is None)
    content = {"facts": facts, "reports": ordered, "judged": judged, "past": _past(judged)} | look()
    content["services"] = service_groups([r for r in reports if r.service is not None], judged.scorecard)
    content["previous"] = f"the period before, {facts.period.previous().name}"
    scorecard = judged.scorecard
    if scorecard is not None and len(scorecard):
        counts = scorecard["verdict"].value_counts()
        content["tally"] = [(key, words, int(counts[key])) for key, words in VERDICTS.items() if key in counts]
        content["scorecard"] = scorecard_table(scorecard).to_json()
        n_judged = len(scorecard) - int(counts.get("NOT_SET", 0))
        content["shown"] = (n_judged if n_judged <= SHOWN_AT_MOST else SHOWN) or None  # the rest is folded away
    return PageExporter().environment.get_template("run.html.j2").render(content)


def _past(judged: Judged) -> dict | None:
    """What the page says of earlier verdicts: a sentence and, where there are any, tables; None without a history."""
    history = judged.history
    if history is None or history.empty:
        return None
    found = {"sentence": verdict_history_sentence(history)}
    matrix, revised = verdict_matrix(history, n_periods=PERIODS_AT_MOST), revised_verdicts_table(history)
    found |= {"matrix": matrix.to_json()} if matrix else {}
    return found | ({"revised": revised.to_json()} if revised else {})


def service_groups(reports: list[ReportResult], scorecard: pd.DataFrame | None) -> list[dict]:
    """The pages of reports that were run once per service: per report a row per service, the worst verdicts first.

    Returns
    -------
    list of dict
        title, question, objectives (headings), failed (how many) and rows: the report and, per objective, the verdict's
        key and words, or None where nothing is promised.
    """
    promised = None if scorecard is None else scorecard[scorecard["verdict"] != "NOT_SET"]
    kinds = [] if promised is None else [kind for kind in OBJECTIVES if kind in set(promised["objective"])]
    given = {} if promised is None else {(r.service, r.objective): r.verdict for r in promised.itertuples()}
    worst_first = [] if promised is None else worst_services_first(promised)
    places = {service: place for place, service in enumerate(worst_first)}
    groups: dict[str, list] = {}
    for report in sorted(reports, key=lambda report: places.get(report.service, len(places))):
        verdicts = [given.get((report.service, kind)) for kind in kinds]
        cells = [None if v is None else (v, VERDICTS[v]) for v in verdicts]
        groups.setdefault(report.name.partition("/")[0], []).append((report, cells))
    return [_group(rows, [OBJECTIVES[kind] for kind in kinds]) for rows in groups.values()]


def _group(rows: list[tuple], objectives: list[str]) -> dict:
    first = rows[0][0]
    return {
        "title": first.title.removesuffix(f": {first.service}"),
        "question": first.question,
        "objectives": objectives,
        "failed": sum(report.failure is not None for report, _ in rows),
        "rows": rows,
    }
