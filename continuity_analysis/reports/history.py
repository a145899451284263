"""Runs side by side: one folder per run, the newest of them kept, and a page that compares them."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS, DisplayTable
from continuity_analysis.figures.verdict_tables import PERIODS_AT_MOST, verdict_matrix
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.reports.locking import KEPT
from continuity_analysis.reports.results import write
from continuity_analysis.reports.summary import RATIOS
from continuity_analysis.words import show

COMPARED = 6
"""Runs beside each other in the table of objectives."""
_AS_OF = "_as-of_"
_MOMENTS = ("period_from_at", "period_until_at")


@dataclass(frozen=True)
class PastRun:
    """One run whose folder is still there.

    Attributes
    ----------
    folder : str
        Its name below what `--out` names.
    period, as_of : str
        As its pages have them.
    summary : dict
        The content of its `summary.json`.
    """

    folder: str
    period: str
    as_of: str
    summary: dict

    @property
    def counts(self) -> dict[str, int]:
        """Verdict -> how many objectives have it, worst first."""
        given = [row["verdict"] for service in self.summary["services"] for row in service["objectives"]]
        return {verdict: given.count(verdict) for verdict in VERDICTS}

    @property
    def failed(self) -> int:
        """How many reports failed."""
        return sum(report["status"] == "failed" for report in self.summary["reports"])


def folder_name(facts: RunFacts) -> str:
    """Name of a run's folder: its period and the moment it speaks of, such as 2026Q3_as-of_2026-10-01T000000Z."""
    period = re.sub(r"[^\w+.-]", "", facts.period.name.replace("/", "--"))
    return f"{period}{_AS_OF}{'unknown' if pd.isna(facts.as_of) else format(facts.as_of, '%Y-%m-%dT%H%M%SZ')}"


def tidy(root: Path, *, keep: int, present: str) -> list[str]:
    """Remove all but the newest runs and write the page that compares those that stay.

    Parameters
    ----------
    root : Path
        What `--out` names. Only folders that a run made are looked at.
    keep : int
        How many runs to keep, the present one among them; the newest speak of the latest moment.
    present : str
        Name of the folder of the run just made, which always stays.

    Returns
    -------
    list of str
        Names of the folders that were removed.
    """
    others = [name for name in _run_folders(root) if name != present]
    removed = others[keep - 1 :]
    for name in removed:
        shutil.rmtree(root / name)
    write(root / "index.html", history_page(past_runs(root)))
    return removed


def past_runs(root: Path) -> list[PastRun]:
    """The complete runs below a folder, newest first."""
    found = []
    for name in _run_folders(root):
        file = root / name / "summary.json"
        if file.is_file():
            period, _, as_of = name.partition(_AS_OF)
            summary = json.loads(file.read_text(encoding="utf-8"))
            moment = show(pd.Timestamp(summary["as_of"]), "moment") if summary["as_of"] else as_of
            found.append(PastRun(name, period, moment, summary))
    return found


def _run_folders(root: Path) -> list[str]:
    """Names of the folders that a run made, also one that was killed: newest first."""
    made = [p for p in root.iterdir() if _AS_OF in p.name and not p.is_symlink() and (p / KEPT).is_dir()]
    return sorted((p.name for p in made), key=lambda name: (name.partition(_AS_OF)[2], name), reverse=True)


def history_page(runs: list[PastRun]) -> str:
    """The page that lists runs and compares them, objective by objective.

    Parameters
    ----------
    runs : list of PastRun
        Newest first.
    """
    from continuity_analysis.reports.html import PageExporter, look

    version = runs[0].summary["version"] if runs else ""
    content = {"runs": runs, "verdicts": VERDICTS, "version": version} | look()
    said = verdicts_of_runs(runs)
    content["matrix"] = verdict_matrix(said, n_periods=PERIODS_AT_MOST).to_json() if len(said) else None
    content["objectives"] = objectives_table(runs[:COMPARED]).to_json() if runs else None
    return PageExporter().environment.get_template("history.html.j2").render(content)


def verdicts_of_runs(runs: list[PastRun]) -> pd.DataFrame:
    """The verdicts of runs as `questions.verdict_history` has those of a store; each run is a period of its own.

    Parameters
    ----------
    runs : list of PastRun
        Newest first.
    """
    each = [
        {"period": name, "service": service["service"]} | _ends(run.summary) | row
        for name, run in zip(_names(runs), runs, strict=True)
        for service in run.summary["services"]
        for row in service["objectives"]
        if row["verdict"] != "NOT_SET"
    ]
    columns = ["before", "differs", "provisional"]
    rows = pd.DataFrame(each, columns=["period", "service", "objective", "verdict", *_MOMENTS])
    return rows.assign(**dict.fromkeys(columns), newest=True)


def _ends(summary: dict) -> dict[str, pd.Timestamp]:
    ends = summary["period"]["start"], summary["period"]["end"]
    return dict(zip(_MOMENTS, (pd.Timestamp(end).tz_convert("UTC") for end in ends), strict=True))


def _names(runs: list[PastRun]) -> list[str]:
    """What each run is called: its period, and the moment it speaks of where several have that period."""
    periods = [run.period for run in runs]
    return [f"{run.period}, as of {run.as_of}" if periods.count(run.period) > 1 else run.period for run in runs]


def objectives_table(runs: list[PastRun]) -> DisplayTable:
    """What was achieved in each of several runs: a row per service and objective, a column per run.

    Parameters
    ----------
    runs : list of PastRun
        Newest first, as the columns are. What nobody promised or measured is left out.
    """
    cells = [_achieved(run) for run in runs]
    keys = list(dict.fromkeys(key for found in cells for key in found))
    rows, values = [], []
    for service, objective in keys:
        each = [found.get((service, objective), (None, "", None)) for found in cells]
        target = next((target for target, _, _ in each if target), "—")
        rows.append((service, OBJECTIVES[objective], target, *(text or "—" for _, text, _ in each)))
        values.append((None, None, None, *(number for *_, number in each)))
    caption = "Achieved in each run, with its verdict; the promise is that of the newest run"
    return DisplayTable(caption, ("Service", "Objective", "Promised", *_names(runs)), tuple(rows), tuple(values))


def _achieved(run: PastRun) -> dict[tuple[str, str], tuple[str | None, str, float | None]]:
    """(service, objective) -> (the promise, what was achieved and the verdict in words, the number)."""
    found = {}
    for service in run.summary["services"]:
        for row in service["objectives"]:
            if row["verdict"] == "NOT_SET" and row["achieved"] is None:
                continue
            unit = "ratio" if row["objective"] in RATIOS else "seconds"
            target = None if row["target"] is None else show(row["target"], unit)
            verdict = "" if row["verdict"] == "NOT_SET" else VERDICTS[row["verdict"]].lower()
            achieved = "" if row["achieved"] is None else show(row["achieved"], unit)
            text = f"{achieved} ({verdict})" if achieved and verdict else achieved or verdict.capitalize()
            found[service["service"], row["objective"]] = (target, text, row["achieved"])
    return found
