"""The page a run opens with: the scorecard, worst first, the verdicts of past periods, then links to its reports."""

from continuity_analysis.figures.display_tables import VERDICTS, scorecard_table
from continuity_analysis.figures.verdict_tables import (
    PERIODS_AT_MOST,
    revised_verdicts_table,
    verdict_history_sentence,
    verdict_matrix,
)
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.reports.html import PageExporter, look
from continuity_analysis.reports.results import Judged, ReportResult


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
    ordered = sorted(reports, key=lambda report: report.deck is None)
    content = {"facts": facts, "reports": ordered, "judged": judged, "past": _past(judged)} | look()
    content["previous"] = f"the period before, {facts.period.previous().name}"
    scorecard = judged.scorecard
    if scorecard is not None and len(scorecard):
        counts = scorecard["verdict"].value_counts()
        content["tally"] = [(key, words, int(counts[key])) for key, words in VERDICTS.items() if key in counts]
        content["scorecard"] = scorecard_table(scorecard).to_json()
        n_judged = len(scorecard) - int(counts.get("NOT_SET", 0))
        content["shown"] = n_judged or None  # the rest was never promised: folded away
    return PageExporter().environment.get_template("run.html.j2").render(content)


def _past(judged: Judged) -> dict | None:
    """What the page says of earlier verdicts: a sentence and, where there are any, tables; None without a history."""
    history = judged.history
    if history is None or history.empty:
        return None
    found = {"sentence": verdict_history_sentence(history)}
    if history["judged_at"].isna().all():
        return found
    found["matrix"] = verdict_matrix(history, n_periods=PERIODS_AT_MOST).to_json()
    revised = revised_verdicts_table(history)
    return found | ({"revised": revised.to_json()} if revised.rows else {})
