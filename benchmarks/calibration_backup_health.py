"""How often schedules are learned right, and how often intervals hold the truth: docs/calibration_backup_health.md.

    python benchmarks/calibration_backup_health.py

Seeds are fixed, so the same tables come out each time.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_slots import match_runs, measure_slots
from continuity_analysis.models.backup_schedules import learn_schedules
from continuity_analysis.models.backup_trends import FEWEST_FOR_DATE, GROWS, estimate_trends, weekly_medians
from continuity_analysis.models.schedule_grids import DAY, MINUTE

RUNS = 2_000
HOUR = 60 * MINUTE
START = 2_952 * 7 * DAY + 4 * DAY  # a Monday of 2026
SCHEDULES = {
    "daily": [1440 * d + 90 for d in range(7)],
    "every 6 h": [360 * k for k in range(28)],
    "workdays": [1440 * d + 1230 for d in range(5)],
    "twice a day, 01:00 and 04:00": [1440 * d + m for d in range(7) for m in (60, 240)],
    "Sundays": [1440 * 6 + 180],
}
WEEKS = {"daily": (2, 4, 13), "every 6 h": (1, 2, 13), "workdays": (4, 13), "twice a day, 01:00 and 04:00": (2, 13)}
TROUBLES = {
    "none": (0, 0, 0),
    "5 % missed, 5 % late": (0.05, 0.05, 0),
    "20 % missed, 10 % late, 10 % extra": (0.2, 0.1, 0.1),
}
NOISES = ("normal", "Student's t, 3 degrees of freedom", "autoregressive, 0.5 a day", "autoregressive, 0.8 a day")
TEXT = """# Calibration of backup health: schedules that are learned, and intervals of growth and of dates

Made by `python benchmarks/calibration_backup_health.py`; seeds are fixed. Each cell is {runs:,} simulated jobs
(standard error at 5 %: {error:.2f} points).

## Schedules that there are

Runs are begun up to 75 s after they are due; some are missed, some late (half an hour to two and a half), some extra
(at any time). *Right*: every due time of the week is learned, to the minute or two, and no other. *None*: nothing is
learned, so that nothing is said of missed runs. *Wrong*: anything else. *Missed*: share of the due times between the
first and the last run that were missed, in truth and as counted by what was learned, over the jobs that learned
anything.

{schedules}

A run belongs to the last due time before it, so that extra and very late runs stand in for some that were missed:
fewer are then counted as missed than were.

## Schedules that there are not

Share of jobs without any schedule that are taken for one.

{none}

## Growth of run times, and when they reach the interval

Daily runs, lognormal run times (sigma 0.2, median growing by {growth:.0f} % in 30 days), weekly medians. Coverage of
the 95 % interval of the growth; share of jobs that are said to grow; and of these, coverage of the interval of the date
on which the median run time reaches the interval, half as far ahead as the history is long, and how often it misses on
either side. An interval whose end lies further ahead than the history is open there.

{dates}

Below 26 weeks no date is printed: of 13 weeks those that look steep by chance are said to grow, and the interval of
their dates then covers 91 % (normal) or 75 % (autoregressive, 0.5 a day). Run times that hang together over weeks make
intervals too short: at 0.8 a day (half is left after three days) weekly medians are not independent.

With no growth at all, share that is said to grow or to shrink: {false}.
"""


def simulate(minutes, weeks, trouble, rng):
    """Runs of `RUNS` jobs of one schedule: job, begin, and the share missed between the first and the last of them."""
    missed, late, extra = trouble
    due = START + (np.arange(weeks)[:, None] * 7 * DAY + np.array(minutes) * MINUTE).ravel()
    kept = rng.random((RUNS, len(due))) >= missed
    begun = due + rng.integers(1, 75, kept.shape) * MINUTE // 60
    begun = begun + np.where(rng.random(kept.shape) < late, rng.integers(30, 150, kept.shape) * MINUTE, 0)
    more = rng.poisson(extra * len(due), RUNS)
    code = np.append(np.nonzero(kept)[0], np.repeat(np.arange(RUNS), more))
    begun = np.append(begun[kept], rng.integers(due[0], due[-1], more.sum()))
    first, last = kept.argmax(axis=1), len(due) - kept[:, ::-1].argmax(axis=1)
    span = np.maximum(last - first, 1)
    return code, begun, 1 - kept.sum(axis=1) / span


def schedules() -> str:
    lines = [["Schedule", "Weeks", "Trouble", "Right", "None", "Wrong", "Missed", "Counted"]]
    for number, (name, minutes) in enumerate(SCHEDULES.items()):
        for weeks in WEEKS.get(name, (10, 26)):
            for trouble, rates in TROUBLES.items():
                rng = np.random.default_rng([number, weeks])
                code, begun, missed = simulate(minutes, weeks, rates, rng)
                found = learn_schedules(code, begun, jobs=RUNS, zones=["UTC"])
                times = found.times.groupby("code")["minute"].apply(list).reindex(range(RUNS))
                right = np.array([_same(t, minutes) for t in times])
                none = (found.jobs["kind"] == "").to_numpy()
                counted = _missed(found, code, begun)
                shares = (right, none, ~right & ~none, missed[~none], counted[~none])
                words = [f"{100 * s.mean():.1f} %" if len(s) else "—" for s in shares]
                lines.append([name, str(weeks), trouble, *words])
    return table(lines)


def _missed(found, code, begun):
    """Share of the due times between each job's first and last run that had none."""
    order = np.lexsort((begun, code))
    code, begun = code[order], begun[order]
    slots = measure_slots(found, code, begun, start=int(begun.min()), end=int(begun.max()))
    slot, _ = match_runs(slots, code, begun)
    first, last = (getattr(pd.Series(begun).groupby(code), f)().to_numpy() for f in ("min", "max"))
    within = (slots.end > first[slots.code]) & (slots.begin <= last[slots.code])
    served = np.isin(np.arange(len(slots)), slot)
    due = np.bincount(slots.code[within], minlength=RUNS)
    return np.bincount(slots.code[within & ~served], minlength=RUNS) / np.maximum(due, 1)


def _same(found, minutes) -> bool:
    return isinstance(found, list) and len(found) == len(minutes) and np.abs(np.subtract(found, minutes)).max() <= 2


def none() -> str:
    rng = np.random.default_rng(1)
    lines = [["Begins of runs", "n = 8", "n = 20", "n = 100"]]
    laws = {
        "at any time (Poisson), one a day": lambda n: np.cumsum(rng.exponential(DAY, (RUNS, n)), axis=1),
        "one a day, at any hour": lambda n: (np.arange(n) + rng.random((RUNS, n))) * DAY,
        "by hand on workdays, 08:00 to 18:00": lambda n: _by_hand(n, rng),
        "bursts of four, one burst in two days": lambda n: _bursts(n, rng),
    }
    for name, law in laws.items():
        shares = []
        for n in (8, 20, 100):
            begun = START + np.sort(law(n), axis=1).astype(np.int64)
            found = learn_schedules(np.repeat(np.arange(RUNS), n), begun.ravel(), jobs=RUNS, zones=["UTC"])
            shares.append(f"{100 * (found.jobs['kind'] != '').mean():.1f} %")
        lines.append([name, *shares])
    return table(lines)


def _by_hand(n, rng):
    days = np.arange(n) // 5 * 7 + np.arange(n) % 5
    return days * DAY + (8 + 10 * rng.random((RUNS, n))) * HOUR


def _bursts(n, rng):
    first = np.cumsum(rng.exponential(2 * DAY, (RUNS, -(-n // 4))), axis=1)
    return (np.repeat(first, 4, axis=1) + rng.exponential(HOUR, (RUNS, 4 * first.shape[1])))[:, :n]


def noise(kind: str, shape, rng):
    if kind == "normal":
        return rng.normal(size=shape)
    if kind.startswith("Student"):
        return rng.standard_t(3, shape) / np.sqrt(3)
    rho = float(kind.split(",")[1].split()[0])
    out = rng.normal(size=shape)
    for day in range(1, shape[1]):
        out[:, day] = rho * out[:, day - 1] + np.sqrt(1 - rho**2) * out[:, day]
    return out


def dates(growth: float) -> tuple[str, str]:
    lines = [["Noise", "Weeks", "Growth covered", "Said to grow", "Date covered", "Too late", "Too early"]]
    false = []
    for kind in NOISES:
        for weeks in (13, 26, 52):
            rng = np.random.default_rng(weeks)
            days = np.tile(np.arange(-7.0 * weeks, 0) + 0.5, (RUNS, 1))
            errors = 0.2 * noise(kind, days.shape, rng)
            slope, ahead = np.log1p(growth) / 30, 3.5 * weeks
            found = _estimate(days, slope * days + errors, np.exp(slope * ahead))
            covered = (found["growth_low"] <= growth) & (found["growth_high"] >= growth)
            grows = found[found["trend"] == GROWS]
            low, high = grows["reaches_low_days"].fillna(np.inf) > ahead, grows["reaches_high_days"] < ahead
            shares = [f"{100 * s.mean():.1f} %" for s in (covered, found["trend"] == GROWS, ~low & ~high, low, high)]
            shares[2:] = shares[2:] if weeks >= FEWEST_FOR_DATE else ["—"] * 3
            lines.append([kind, str(weeks), *shares])
            if weeks == 26:
                flat = _estimate(days, errors, np.exp(1.0))
                false.append(f"{100 * (flat['p'] <= 0.05).mean():.1f} % ({kind})")
    return table(lines), ", ".join(false)


def _estimate(days, logs, interval: float) -> pd.DataFrame:
    code = np.repeat(np.arange(RUNS), days.shape[1])
    middle, medians, _ = weekly_medians(code, days.ravel(), np.exp(logs).ravel(), jobs=RUNS)
    return estimate_trends(middle, medians, interval_hours=np.full(RUNS, interval))


def table(lines: list[list[str]]) -> str:
    head, *rows = lines
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    growth = 0.04
    found, false = dates(growth)
    parts = {"schedules": schedules(), "none": none(), "dates": found, "false": false, "growth": 100 * growth}
    text = TEXT.format(runs=RUNS, error=100 * np.sqrt(0.05 * 0.95 / RUNS), **parts)
    (Path(__file__).parent.parent / "docs" / "calibration_backup_health.md").write_text(text, encoding="utf-8")
    print(text)
