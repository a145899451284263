"""What a run leaves behind, and how its files are written."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

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
    html, pdf, deck : str, optional
        The files made from it, relative to the run's folder.
    failure : Failure, optional
        Where it stopped, if it did.
    service : str, optional
        The service it is about, where it was run once per service.
    """

    name: str
    title: str
    question: str
    notebook: str
    html: str | None = None
    pdf: str | None = None
    deck: str | None = None
    failure: "Failure | None" = None
    service: str | None = None

    def to_json(self) -> dict:
        """Its entry in `summary.json`."""
        made = {"name": self.name, "title": self.title, "status": "failed" if self.failure else "done"}
        made |= {"html": self.html, "pdf": self.pdf, "deck": self.deck, "notebook": self.notebook}
        made |= {} if self.service is None else {"service": self.service}
        return {**made, "error": self.failure.sentence if self.failure else None}


@dataclass(frozen=True)
class Judged:
    """What a run judged, and what earlier ones did.

    Attributes
    ----------
    scorecard : DataFrame, optional
        What `questions.scorecard` returned; None where it could not be computed.
    error : str, optional
        Why it could not.
    history : DataFrame, optional
        As `questions.verdict_history` returns it, this run's own verdicts among it; None where no history is kept.
    not_kept : str, optional
        Why this run's verdicts could not be added to the history.
    """

    scorecard: "pd.DataFrame | None" = None
    error: str | None = None
    history: "pd.DataFrame | None" = None
    not_kept: str | None = None


@dataclass(frozen=True)
class RunResult:
    """What a run left behind.

    Attributes
    ----------
    folder : Path
        Where it is.
    reports : tuple of ReportResult
        One per notebook.
    summary : dict
        The content of `summary.json`.
    scorecard_error : str, optional
        Why the scorecard could not be computed.
    unchanged : tuple of str
        Names of the reports that were not run again.
    about : tuple of (str, str)
        Label and text of what the run was made from.
    remarks : tuple of str
        Sentences on what somebody should know though no report failed.
    """

    folder: Path
    reports: tuple[ReportResult, ...]
    summary: dict
    scorecard_error: str | None = None
    unchanged: tuple[str, ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def index(self) -> Path:
        """The page to open."""
        return self.folder / "index.html"

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of what failed."""
        names = tuple(report.name for report in self.reports if report.failure)
        return (*names, "scorecard") if self.scorecard_error else names

    @property
    def exit_code(self) -> int:
        """0, or 3 if anything failed."""
        return 3 if self.failed else 0


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: beside its place first, then put there at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
