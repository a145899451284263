"""The page a run opens with: the scorecard, worst first, then links to its reports."""

from dataclasses import dataclass

import pandas as pd

from continuity_analysis.figures.display_tables import VERDICTS, scorecard_table
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.reports.html import PageExporter, style
from continuity_analysis.reports.notebooks import Failure


@dataclass(frozen=True)
class ReportResult:
    """One report of a run.

    Attributes
    ----------
    name : str
        Of the notebook.
    title, question : str
        Its own words.
    notebook : str
        The executed notebook, relative to the run's folder.
    html, deck : str, optional
        The files made from it, relative to the run's folder.
    failure : Failure, optional
        Where it stopped, if it did.
    """

    name: str
    title: str
    question: str
    notebook: str
    html: str | None = None
    deck: str | None = None
    failure: Failure | None = None

    def to_json(self) -> dict:
        """Its entry in `summary.json`."""
        made = {"name": self.name, "title": self.title, "status": "failed" if self.failure else "done"}
        made |= {"html": self.html, "deck": self.deck, "notebook": self.notebook}
        return {**made, "error": self.failure.sentence if self.failure else None}


def index_page(
    facts: RunFacts, reports: list[ReportResult], *, scorecard: pd.DataFrame | None, scorecard_error: str | None = None
) -> str:
    """The page `index.html`.

    Parameters
    ----------
    facts : RunFacts
        What the run was made from.
    reports : list of ReportResult
        In the order of their links.
    scorecard : pandas.DataFrame, optional
        What `questions.scorecard` returned; None where it could not be computed.
    scorecard_error : str, optional
        Why it could not.
    """
    content = {"facts": facts, "reports": reports, "style": style(), "scorecard_error": scorecard_error}
    content["previous"] = f"the period before, {facts.period.previous().name}"
    if scorecard is not None and len(scorecard):
        counts = scorecard["verdict"].value_counts()
        content["tally"] = [(key, words, int(counts[key])) for key, words in VERDICTS.items() if key in counts]
        content["scorecard"] = scorecard_table(scorecard).to_json()
        judged = len(scorecard) - int(counts.get("NOT_SET", 0))
        content["shown"] = judged or None  # what was never promised is folded away
    return PageExporter().environment.get_template("run.html.j2").render(content)
