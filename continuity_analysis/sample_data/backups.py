"""Backup runs by schedule: run times, failures, late and skipped runs, days without any, chains and retention."""

from dataclasses import dataclass, replace

import numpy as np

from continuity_analysis.sample_data.moments import DAY, HOUR, MINUTE

MANAGED = "managed"


@dataclass(frozen=True)
class Schedule:
    """When an asset is saved to one location, and how.

    Attributes
    ----------
    asset, location : str
        What is saved, and where to.
    hours : tuple of float
        Hours of the day (UTC) at which a run is due.
    weekdays : tuple of int
        Days on which it is due, 0 Monday to 6 Sunday.
    kind, full_on : str, int or None
        Kind of run; on weekday `full_on` it is full instead, and others build on the newest full one.
    minutes, spread : float
        Law of the run time: lognormal with this median and standard deviation of the logarithm.
    point_at_end : bool
        Whether a backup holds the data of the moment it ends at, or of the one it starts at.
    keep_days : int
        Retention; what builds on a full backup goes with it.
    """

    asset: str
    location: str
    hours: tuple[float, ...]
    kind: str
    minutes: float
    keep_days: int
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    full_on: int | None = None
    spread: float = 0.2
    point_at_end: bool = False
    gigabytes: float = 40.0


@dataclass(frozen=True)
class Run:
    """One backup run that began. `removed` is when retention deletes it; `parent` is the start of what it builds on."""

    asset: str
    location: str
    kind: str
    due: int
    started: int
    finished: int
    point: int
    size: int
    removed: int
    failure: str = ""
    parent: int | None = None


SCHEDULES = (
    Schedule("mongo-prod", "s3", (0, 6, 12, 18), "logical", 21, 95, point_at_end=True, gigabytes=180),
    Schedule("accounts-db", "repo1", (1,), "diff", 14, 116, full_on=6, point_at_end=True, gigabytes=64),
    Schedule("accounts-db", "repo2", (4,), "full", 48, 120, weekdays=(2,), point_at_end=True, gigabytes=64),
    Schedule("platform-state", "default", (1.5,), "snapshot", 2.5, 95, gigabytes=1),
    Schedule("files", "nas", (20.5,), "snapshot", 34, 95, weekdays=(0, 1, 2, 3, 4), gigabytes=310),
    Schedule("analytics", MANAGED, (17 + 5 / 60,), "snapshot", 1.4, 8, gigabytes=3),
)


def draw_runs(
    schedule: Schedule, start: int, *, end: int, outages: tuple[tuple[int, int, str], ...], rng: np.random.Generator
) -> list[Run]:
    """All runs that end by `end`, in order; `outages` are stretches (from, until, reason) in which every run fails."""
    days = [d for d in range(start // DAY, end // DAY + 1) if (d + 3) % 7 in schedule.weekdays]
    due = np.array([d * DAY + round(h * HOUR) for d in days for h in schedule.hours])
    luck, jitter = rng.random(len(due)), rng.integers(1, 75, len(due))
    late = np.where(luck < 0.02, rng.integers(25 * MINUTE, 150 * MINUTE, len(due)), 0)
    minutes = schedule.minutes * np.exp(schedule.spread * rng.standard_normal(len(due)))
    runs: list[Run] = []
    full: Run | None = None
    for moment, begin, length, chance in zip(due, due + jitter + late, minutes, luck, strict=True):
        skipped = 0.02 <= chance < 0.03
        if skipped or begin < start:
            continue
        run = _run(schedule, int(moment), begin=int(begin), seconds=round(length * MINUTE), full=full)
        reason = next((why for a, b, why in outages if a <= run.started < b), "")
        if not reason and 0.03 <= chance < 0.045 and run.started < end - 3 * DAY:
            reason = "storage did not answer in time"
        if reason:
            run = replace(run, failure=reason, finished=run.started + 40, point=run.started)
        elif run.kind == "full":
            full = run
        if run.finished <= end:
            runs.append(_sized(run, schedule, since=start, rng=rng))
    return runs


def _run(schedule: Schedule, due: int, *, begin: int, seconds: int, full: Run | None) -> Run:
    weekday = (due // DAY + 3) % 7
    kind = "full" if schedule.full_on is not None and (weekday == schedule.full_on or full is None) else schedule.kind
    seconds *= 4 if kind == "full" and schedule.kind != "full" else 1
    finished = begin + seconds
    builds = kind == "diff" and full is not None
    kept_from = due if schedule.location == MANAGED else begin
    return Run(
        asset=schedule.asset,
        location=schedule.location,
        kind=kind,
        due=due,
        started=begin,
        finished=finished,
        point=finished if schedule.point_at_end else begin,
        size=0,
        removed=full.removed if builds else kept_from + schedule.keep_days * DAY,
        parent=full.started if builds else None,
    )


def _sized(run: Run, schedule: Schedule, *, since: int, rng: np.random.Generator) -> Run:
    """Data grows by 3 % a month."""
    grown = schedule.gigabytes * 1e9 * 1.03 ** ((run.started - since) / (30 * DAY))
    share = 0.06 if run.kind == "diff" else 1.0
    return replace(run, size=int(grown * share * (1 + 0.02 * rng.standard_normal())))
