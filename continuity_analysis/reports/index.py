"""The page a run opens with: the scorecard, worst first, then links to its reports."""

import pandas as pd

from continuity_analysis.figures.display_tables import VERDICTS, scorecard_table
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.reports.html import PageExporter, look
from continuity_analysis.reports.results import ReportResult


def index_page(
    facts: RunFacts, reports: list[ReportResult], *, scorecard: pd.DataFrame | None, scorecard_error: str | None = None
) -> str:
    """The page `index.html`.

    Parameters
    ----------
    facts : RunFacts
        What the run was made from.
    reports : list of ReportResult
        Those with a deck come first, else as they are.
    scorecard : pandas.DataFrame, optional
        What `questions.scorecard` returned; None where it could not be computed.
    scorecard_error : str, optional
        Why it could not.
    """
    ordered = sorted(reports, key=lambda report: report.deck is None)
    content = {"facts": facts, "reports": ordered, "scorecard_error": scorecard_error} | look()
    content["previous"] = f"the period before, {facts.period.previous().name}"
    if scorecard is not None and len(scorecard):
        counts = scorecard["verdict"].value_counts()
        content["tally"] = [(key, words, int(counts[key])) for key, words in VERDICTS.items() if key in counts]
        content["scorecard"] = scorecard_table(scorecard).to_json()
        judged = len(scorecard) - int(counts.get("NOT_SET", 0))
        content["shown"] = judged or None  # the rest was never promised: folded away
    return PageExporter().environment.get_template("run.html.j2").render(content)
