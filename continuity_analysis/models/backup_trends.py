"""How run time and size of backups grow, and when a run will no longer fit its interval.

Medians of weeks (7 days back from the end) of the logarithm, so that runs of one week that resemble each other count
once, and a line through the median of their pairwise slopes. The date at which it reaches the interval has Fieller's
limits: those dates at which the line, within the errors of its level and its slope, may do so. It is printed only where
the run time surely grows, from half a year of weeks on (of shorter histories those that happen to look steep are said
to grow, and their dates come out too early), and no further ahead than the history reaches back. All of it takes weeks
as independent of each other.

References
----------
Fieller, E. C. (1954), Some problems in interval estimation, JRSS B 16.
Sen, P. K. (1968), Estimates of the regression coefficient based on Kendall's tau, JASA 63 (efficiency 3 / pi).
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.theil_sen import Lines, fit_theil_sen

WEEK, MONTH = 7.0, 30.0
FEWEST, FEWEST_FOR_DATE = 8, 26  # weeks with runs; docs/calibration_backup_health.md
_Z = 1.959963984540054
GROWS, SHRINKS, NONE, TOO_FEW = "grows", "shrinks", "no evidence of a trend", "too few weeks"


def weekly_medians(code: np.ndarray, days: np.ndarray, values: np.ndarray, *, jobs: int) -> tuple:
    """Median time and median logarithm of each week, as arrays of jobs by weeks.

    Parameters
    ----------
    code : array of int, shape (n,)
        Job of each run, from 0.
    days : array of float, shape (n,)
        When it was begun, in days before the end: 0 or less.
    values : array of float, shape (n,)
        Above 0; others are left out.

    Returns
    -------
    days, logs : ndarray of float, shape (jobs, weeks)
        Missing where a week has no run.
    runs : ndarray of int64, shape (jobs,)
    """
    with np.errstate(invalid="ignore"):
        good = values > 0
    code, days, values = code[good], days[good], values[good]
    week = np.ceil(days / WEEK).astype(np.int64)
    frame = pd.DataFrame({"code": code, "week": week, "days": days, "logs": np.log(values)})
    middle = frame.groupby(["code", "week"])[["days", "logs"]].median()
    first = int(week.min(initial=0))
    shape = (jobs, 1 - first)
    arrays = [np.full(shape, np.nan) for _ in range(2)]
    rows, columns = (middle.index.get_level_values(k).to_numpy() for k in ("code", "week"))
    for array, name in zip(arrays, ("days", "logs"), strict=True):
        array[rows, columns - first] = middle[name]
    return *arrays, np.bincount(code, minlength=jobs)


def estimate_trends(days: np.ndarray, logs: np.ndarray, *, interval_hours: np.ndarray | None = None) -> pd.DataFrame:
    """Growth per month of each job, and when its run time reaches the interval.

    Parameters
    ----------
    days, logs : ndarray of float, shape (jobs, weeks)
        As `weekly_medians` returns them.
    interval_hours : array of float, shape (jobs,), optional
        Between runs [h]; missing where none is known. For run times [h] only.

    Returns
    -------
    DataFrame
        n_weeks, now (median at the end by the line), growth, growth_low, growth_high (per 30 days, as a share), tau, p,
        trend ("grows", "shrinks", "no evidence of a trend", "too few weeks"), history_days, reaches_days,
        reaches_low_days, reaches_high_days (from the end, when the line reaches the interval; missing: not within as
        many days as the history has), reason (why there is no such date).
    """
    lines = fit_theil_sen(days, logs)
    enough = lines.n >= FEWEST
    with np.errstate(all="ignore"):
        centre, spread = _centre(days, lines)
        level = _median(logs - lines.slope[:, None] * (days - centre[:, None]))
        history = -np.where(np.isnan(days), 0.0, days).min(axis=1, initial=0.0)
    trend = np.select([~enough, lines.low > 0, lines.high < 0], [TOO_FEW, GROWS, SHRINKS], NONE)
    out = pd.DataFrame({"n_weeks": lines.n, "now": np.exp(level - lines.slope * centre)})
    for name, slope in (("growth", lines.slope), ("growth_low", lines.low), ("growth_high", lines.high)):
        out[name] = np.expm1(MONTH * slope)
    out = out.assign(tau=lines.tau, p=lines.p)
    out.loc[~enough, out.columns[1:]] = np.nan
    out = out.assign(trend=pd.Series(trend, dtype="str"), history_days=history)
    if interval_hours is None:
        return out
    away = np.log(np.asarray(interval_hours, dtype=float)) - level
    dates = _dates(away, lines, spread) + centre
    return _within_reach(out, dates, np.asarray(interval_hours, dtype=float))


def _centre(days: np.ndarray, lines: Lines) -> tuple[np.ndarray, np.ndarray]:
    """Mean day of each job and the root of the sum of squares about it."""
    n = np.maximum(lines.n, 1)
    centre = np.where(np.isnan(days), 0.0, days).sum(axis=1) / n
    square = np.where(np.isnan(days), 0.0, (days - centre[:, None]) ** 2).sum(axis=1)
    return centre, np.sqrt(square)


def _median(values: np.ndarray) -> np.ndarray:
    """Median of each row, missing values left out."""
    values = np.sort(values, axis=1)
    n = (~np.isnan(values)).sum(axis=1)
    rows = np.arange(len(values))
    middle = (values[rows, np.maximum(n - 1, 0) // 2] + values[rows, np.minimum(n // 2, values.shape[1] - 1)]) / 2
    return np.where(n > 0, middle, np.nan)


def _dates(away: np.ndarray, lines: Lines, spread: np.ndarray) -> np.ndarray:
    """Days from the centre to where the line has risen by `away`: estimate and Fieller's limits, shape (3, jobs).

    The standard error of the slope is that of its rank interval. That of the level, a median of residuals, follows from
    it: the slope has 3 / pi of the efficiency of least squares, the median 2 / pi.
    """
    with np.errstate(all="ignore"):
        error = (lines.high - lines.low) / 2
        level_error = error * spread / np.sqrt(lines.n) * np.sqrt(3 / 2)
        a = lines.slope**2 - error**2
        root = np.sqrt(np.maximum(away**2 * lines.slope**2 - a * (away**2 - level_error**2), 0.0))
        low, high = (away * lines.slope - root) / a, (away * lines.slope + root) / a
        return np.array([away / lines.slope, low, np.where(a > 0, high, np.nan)])


def _within_reach(out: pd.DataFrame, dates: np.ndarray, interval: np.ndarray) -> pd.DataFrame:
    """The dates that may be printed, and why others are not."""
    growing = (out["trend"] == GROWS).to_numpy() & ~np.isnan(interval) & (out["n_weeks"] >= FEWEST_FOR_DATE).to_numpy()
    ahead = out["history_days"].to_numpy()
    shown = [np.where(growing & (d <= ahead), d, np.nan) for d in dates]
    beyond = [f"not within the next {a:.0f} days, as far as the history reaches back" for a in ahead]
    already = growing & (dates[0] <= 0)
    sentences = [
        "no interval is known",
        f"fewer than {FEWEST_FOR_DATE} weeks with run times",
        "run times are not known to grow",
    ]
    few = (out["trend"] == TOO_FEW) | (out["trend"] == GROWS) & (out["n_weeks"] < FEWEST_FOR_DATE)
    cases = [np.isnan(interval), few.to_numpy(), ~growing]
    cases += [already, np.isnan(shown[0])]
    reason = np.select(cases, [*sentences, np.full(len(out), "it does not fit any more"), np.array(beyond)], "")
    names = ("reaches_days", "reaches_low_days", "reaches_high_days")
    return out.assign(**dict(zip(names, shown, strict=True)), reason=pd.Series(reason, dtype="str"))
