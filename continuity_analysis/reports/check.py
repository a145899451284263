"""Are objectives breached? One line per finding, each with what to do next; the answer of `continuity check`."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS
from continuity_analysis.reports.results import write
from continuity_analysis.reports.source import Source
from continuity_analysis.reports.summary import RATIOS
from continuity_analysis.words import UNKNOWN, show

FINDINGS = ("BREACHED", "AT_RISK", "INSUFFICIENT")
NEXT = {
    "availability": "see in the availability report which incidents spent the error budget",
    "requests": "see in the availability report in which minutes requests failed",
    "latency": "see in the availability report in which minutes answers were slow",
    "restore": "see in the restoration report which incidents were longest, and which phase took their time",
    "rpo": "see in the recovery points report which runs were late, failed or expired",
    "rto": "see in the recovery times report which phase was slowest, and drill it again",
    "mtpd": "see in the restoration report why the longest disruption could not be ended sooner",
}
"""What to look at when an objective is breached or at risk."""
MISSING = {
    "availability": "ingest what watched the service, or state its impacts and watched_by in services.yaml",
    "requests": "ingest its access logs for the whole period",
    "latency": "ingest its access logs with response times for the whole period",
    "restore": "ingest its incidents with their times of restoration",
    "rpo": "ingest histories or regular listings of its backups",
    "rto": "run an end-to-end drill and record it (docs/drills.md)",
    "mtpd": "ingest its incidents with their times of restoration",
}
"""What would let an objective be judged."""


@dataclass(frozen=True)
class Check:
    """What a check found.

    Attributes
    ----------
    rows : DataFrame
        The findings: rows of the scorecard, the worst first, with `next`, what to do.
    n_judged, n_unjudged : int
        Objectives that are set and could, or could not, be judged.
    failed : bool
        Whether any finding is one to fail on.
    """

    rows: pd.DataFrame
    n_judged: int
    n_unjudged: int
    failed: bool


def read_fail_on(words: str) -> tuple[str, ...]:
    """Verdicts to fail on, from words such as "breached,at_risk".

    Raises
    ------
    InputError
        If one is none of breached, at_risk and insufficient.
    """
    wanted = [word.strip() for word in words.split(",") if word.strip()]
    unknown = [word for word in wanted if word.upper() not in FINDINGS]
    if unknown or not wanted:
        known = ", ".join(verdict.lower() for verdict in FINDINGS)
        raise InputError(f"Expected --fail-on out of {known}, got {', '.join(unknown) or 'none'}.")
    return tuple(word.upper() for word in wanted)


def check(scorecard: pd.DataFrame, *, fail_on: Iterable[str] = ("BREACHED",)) -> Check:
    """Everything that is not met.

    Parameters
    ----------
    scorecard : DataFrame
        As `continuity_analysis.scorecard` returns it.
    fail_on : iterable of str
        Verdicts that make the check fail.
    """
    rows = scorecard[scorecard["verdict"].isin(FINDINGS)].reset_index(drop=True)
    unjudged = rows["verdict"] == "INSUFFICIENT"
    todo = rows["objective"].map(NEXT).mask(unjudged, rows["objective"].map(MISSING))
    n_set = int((scorecard["verdict"] != "NOT_SET").sum())
    failed = bool(rows["verdict"].isin(list(fail_on)).any())
    return Check(rows.assign(next=todo.astype("str")), n_set - int(unjudged.sum()), int(unjudged.sum()), failed)


def lines(found: Check) -> list[str]:
    """One line per finding, the worst first, then how many could not be judged."""
    said = [_line(row) for row in found.rows.to_dict("records")]
    total = found.n_judged + found.n_unjudged
    if not total:
        return ["No objective is set: add objectives to services.yaml."]
    counts = found.rows["verdict"].value_counts()
    parts = [f"{counts.get(verdict, 0)} {VERDICTS[verdict].lower()}" for verdict in FINDINGS[:2]]
    met = total - len(found.rows)
    return [*said, f"{total} objectives: {', '.join(parts)}, {met} met; {found.n_unjudged} could not be judged"]


def to_json(found: Check) -> dict:
    """The findings for programs; durations in seconds, ratios 0 to 1, what is without limit or unknown null."""
    names = ("service", "objective", "verdict", "provisional", "target", "achieved", "n", "reason", "next")
    rows = [{name: _plain(row[name]) for name in names} for row in found.rows.to_dict("records")]
    return {"findings": rows, "judged": found.n_judged, "not_judged": found.n_unjudged, "failed": found.failed}


def write_openmetrics(path: Path, scorecard: pd.DataFrame, source: Source) -> None:
    """Write the scorecard for node_exporter: whole or not at all, so that it never reads half a file.

    Parameters
    ----------
    path : Path
    scorecard : DataFrame
        As `continuity_analysis.scorecard` returns it.
    source : Source
        What it was made from.
    """
    from continuity_analysis.questions import exposure, recovery_time
    from continuity_analysis.reports.openmetrics import to_openmetrics

    last = (source.period.start, source.logs.as_of) if source.logs.as_of > source.period.start else source.period
    now = {"exposure": exposure(source.logs, last), "recovery_time": recovery_time(source.logs)}
    write(path, to_openmetrics(scorecard, source.facts, **now))


def _line(row: dict) -> str:
    unit = "ratio" if row["objective"] in RATIOS else "seconds"
    achieved, target = show(row["achieved"], unit), show(row["target"], unit)
    provisional = ", provisional" if row["provisional"] else ""
    numbers = f"{achieved}, promised {target}" if achieved != UNKNOWN else f"promised {target}"
    said = f"{VERDICTS[row['verdict']]}{provisional}: {row['service']}, {OBJECTIVES[row['objective']]}: {numbers}"
    return f"{said} ({row['reason']}). Next: {row['next']}."


def _plain(value):
    if value is None or pd.isna(value) or value in (float("inf"), float("-inf")):
        return None
    return value.item() if hasattr(value, "item") else value
