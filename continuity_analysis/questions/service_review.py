"""Everything about one service: the answers are asked for all services at once, then those of one are picked out.

So a number on a service's page is the one that stands in every other report, and two hundred pages cost one asking.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.periods import Period, read_moment, read_period
from continuity_analysis.questions.availability import availability
from continuity_analysis.questions.availability_over_time import availability_over_time
from continuity_analysis.questions.backup_health import backup_health
from continuity_analysis.questions.comparisons import compare_restoration
from continuity_analysis.questions.corrections import corrections
from continuity_analysis.questions.data_quality import data_quality
from continuity_analysis.questions.drill_findings import drill_findings
from continuity_analysis.questions.readiness import readiness
from continuity_analysis.questions.recovery_point import exposure, exposure_episodes, recovery_point
from continuity_analysis.questions.recovery_time import recovery_phases, recovery_time
from continuity_analysis.questions.restoration import ALL_SERVICES, durations, restoration, survival
from continuity_analysis.questions.scorecard import scorecard
from continuity_analysis.questions.selection import incident_timeline
from continuity_analysis.questions.trends import trends
from continuity_analysis.words import few

ASKED: dict[str, Callable] = {
    "scorecard": scorecard,
    "compared": compare_restoration,
    "trends": trends,
    "availability": availability,
    "weeks": lambda logs, period: availability_over_time(logs, period, every="week"),
    "incidents": durations,
    "timeline": incident_timeline,
    "restoration": restoration,
    "survival": survival,
    "recovery_point": recovery_point,
    "exposure": exposure,
    "episodes": exposure_episodes,
    "backups": lambda logs, period: backup_health(logs, period, by="service"),
    "recovery_time": lambda logs, period: recovery_time(logs, period=period),
    "recoveries": lambda logs, period: recovery_phases(logs, period=period),
    "findings": lambda logs, period: drill_findings(logs, period=period),
    "readiness": lambda logs, period: readiness(logs, period=period),
    "corrections": corrections,
    "coverage": lambda logs, period: data_quality(logs)["coverage"],
}
"""What a review shows -> the question that answers it, for all services."""
WITH_ALL = ("survival",)
"""Answers of which a review also keeps the rows of all services together, to compare with."""
NAMED_AT_MOST = 12
_ABOUT = "about.json"


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers for a period; each is also an attribute.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        The keys of `ASKED`.
    period : Period
    as_of : pandas.Timestamp
        The moment they speak of, in UTC.
    service : str or None
        The only one they are about; None for all.
    """

    frames: Mapping[str, pd.DataFrame]
    period: Period
    as_of: pd.Timestamp
    service: str | None = None

    def __getattr__(self, name: str) -> pd.DataFrame:
        """An answer by its name."""
        if not name.startswith("_") and name in (frames := self.__dict__.get("frames", {})):
            return frames[name]
        raise AttributeError(f"There is no answer {name!r}; those there are: {', '.join(self.__dict__['frames'])}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.frames})

    @property
    def services(self) -> list[str]:
        """Those of the scorecard, the one with the worst verdict first."""
        return self.frames["scorecard"]["service"].drop_duplicates().to_list()


def review_answers(logs, period, *, scorecard: pd.DataFrame | None = None) -> Answers:
    """The answers that reviews of services show, for all services at once.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    scorecard : DataFrame, optional
        That of the period, where it was asked for already.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    known = {} if scorecard is None else {"scorecard": scorecard}
    frames = {name: known[name] if name in known else ask(logs, window) for name, ask in ASKED.items()}
    return Answers(frames, window, logs.as_of)


def service_review(answers: Answers, service: str = "") -> Answers:
    """Of the answers for all services, those of one.

    Parameters
    ----------
    answers : Answers
        As `review_answers` returns them.
    service : str
        Its name; empty for the one with the worst verdict.

    Raises
    ------
    InputError
        If there is no such service, or none at all.
    """
    names = answers.services
    if not names:
        raise InputError("Expected a service to review, got logs that name none: see continuity services.")
    service = service or names[0]
    if service not in names:
        raise InputError(f"Expected a service out of {few(sorted(names), NAMED_AT_MOST)}, got {service!r}.")
    frames = {name: _of_service(name, frame, service) for name, frame in answers.frames.items()}
    return Answers(frames, answers.period, answers.as_of, service)


def _of_service(name: str, frame: pd.DataFrame, service: str) -> pd.DataFrame:
    column = "group" if name == "survival" else "service"
    wanted = [service, ALL_SERVICES] if name in WITH_ALL else [service]
    return frame[frame[column].isin(wanted)].reset_index(drop=True)


def write_answers(answers: Answers, folder: Path) -> None:
    """Keep answers in a folder, from which `read_answers` has them again to the last digit."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in answers.frames.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    window = answers.period
    about = {"name": window.name, "start": window.start.isoformat(), "end": window.end.isoformat()}
    about |= {"timezone": window.timezone, "as_of": "" if pd.isna(answers.as_of) else answers.as_of.isoformat()}
    (folder / _ABOUT).write_text(json.dumps(about), encoding="utf-8")


def read_answers(folder: Path) -> Answers:
    """Answers that `write_answers` kept.

    Raises
    ------
    InputError
        If there are none.
    """
    if not (folder / _ABOUT).is_file():
        raise InputError(f"Expected answers that a run kept, got {folder}: leave the parameter empty to ask anew.")
    about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    start, end = (read_moment(about[name]) for name in ("start", "end"))
    window = Period(name=about["name"], start=start, end=end, timezone=about["timezone"])
    frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ASKED}
    return Answers(frames, window, read_moment(about["as_of"]) if about["as_of"] else pd.NaT)


def answers_for_notebook(*, answers: str = "", period: str = "", **source: str) -> Answers:
    """What a notebook's parameters name: answers that a run has kept, or those of the logs, asked now.

    Parameters
    ----------
    answers : str
        Folder in which a run has kept its answers; empty: they are asked of the logs.
    period : str
    **source
        `store`, `logs`, `catalog`, `as_of` and `timezone`, as of `logs_for_notebook`.

    Raises
    ------
    InputError
        If there is nothing to ask.
    """
    from continuity_analysis.logs import logs_for_notebook

    return read_answers(Path(answers)) if answers else review_answers(logs_for_notebook(**source), period)
