"""How often what is said of recovery times holds: docs/calibration_recovery.md.

    python benchmarks/calibration_recovery.py

Seeds are fixed, so the same tables come out each time. Takes some minutes.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binom, lognorm, norm, weibull_min

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles
from continuity_analysis.models.phase_shares import estimate_phases
from continuity_analysis.models.proportions import clopper_pearson, lower_bound
from continuity_analysis.models.recovery_time import estimate_recovery_time
from continuity_analysis.models.redrawn_totals import redraw_totals

RUNS, PHASE_RUNS, REDRAWN_RUNS = 4_000, 2_000, 600
SIZES, CENSORED, NEVER = (10, 30, 100), (0.0, 0.1, 0.3), (0.0, 0.2)
LAWS = {"lognormal, sigma 0.6": lognorm(0.6), "Weibull, shape 1.5": weibull_min(1.5)}
MEDIANS, SIGMAS = np.array([0.2, 0.3, 0.2, 2.0, 0.9]), np.array([0.5, 0.5, 0.4, 0.4, 0.6])
COMMON = {"independent": 0.0, "correlated (0.5)": 0.5}
TEXT = """# Calibration of recovery times: how often the intervals and bounds hold the truth

Made by `python benchmarks/calibration_recovery.py`; seeds are fixed. An honest 95 % interval covers 95 %; an exact one
at least that.

## The chance to meet an RTO

By enumeration of every possible number of successes, for n = 5 to 60 and chances from 0.5 to 99.5 %: the least, over
all of these, with which the interval (Clopper-Pearson) and the proven chance (its one-sided bound) hold the truth.

{chance}

## The median recovery time

Each cell is {runs:,} simulated services (standard error {error:.2f} points). n recoveries; of them the share named is
called off at a time of its own (exponential), and the share named never comes back (failed), which counts as slower
than any. In each cell: how often the interval holds the true median, a limit that is null counted as infinite (in
brackets: the share in which one of the two is null). Without censoring the interval is the exact one by order
statistics, else the inverted log(-log) band of the curve.

{median}

Without censoring, the band of the curve (which is not printed then) beside the exact interval, none never restored:

{exact}

## What the slowest bounds

How often at least `slowest_bounds_share` of the recoveries that come back indeed take no longer than the slowest that
was restored: 95 % or more, without censoring exactly. What was called off is taken as slower, so that it then holds
more often. (A bound on all recoveries, failed ones counted as slower, would hold less often than it says: how many come
back is not known beforehand. So it is not printed.)

{slowest}

## Shares of the phases

{phase_runs:,} services of n recoveries a cell, five lognormal phases (medians 0.2, 0.3, 0.2, 2 and 0.9 h, sigma 0.4 to
0.6), independent, or with a correlation of 0.5 between all logarithms. Coverage of the intervals, the lowest and the
highest of the five phases (standard error 0.5 points).

{shares}

## Totals re-drawn phase by phase

{redrawn_runs:,} of these services (standard error 0.9 points). Coverage of the true quantile of the whole duration by
the re-drawn one's interval, and the re-drawn over the true quantile (median over services). The median holds what it
says where phases are independent, a little less with few or where they are correlated, when it comes out some 3 % too
long. The P90 does not: with few of each phase its interval is too short, and where phases are long together it is some
10 % too small whatever their number. So the median is printed, and the P90 is not.

{redrawn}
"""


def percent(x: float) -> str:
    return f"{100 * x:.1f} %"


def table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(r) + " |" for r in (head, ["---"] * len(head), *rows))


def chance() -> str:
    true, least = np.linspace(0.005, 0.995, 199), {"interval": 1.0, "proven chance": 1.0}
    for n in range(5, 61):
        k = np.arange(n + 1)
        (low, high), bound = clopper_pearson(k, n), lower_bound(k, n)
        inside = {"interval": (low[:, None] <= true) & (true <= high[:, None]), "proven chance": bound[:, None] <= true}
        for name, holds in inside.items():
            least[name] = min(least[name], (binom.pmf(k[:, None], n, true) * holds).sum(axis=0).min())
    return table(["", "holds in at least"], [[name, f"{100 * x:.2f} %"] for name, x in least.items()])


def drawn(law, n: int, *, censored: float, never: float, seed: int) -> pd.DataFrame:
    """Recoveries of RUNS services: restored, never, or called off at an exponential time."""
    rng = np.random.default_rng(seed)
    hours = law.rvs((RUNS, n), random_state=rng)
    lost = rng.random((RUNS, n)) < never
    if censored:
        rates = np.geomspace(1e-3, 10, 400)
        some = law.rvs(20_000, random_state=rng)
        share = [1 - np.exp(-r * some).mean() for r in rates]
        off = rng.exponential(1 / np.interp(censored, share, rates), (RUNS, n))
    else:
        off = np.full((RUNS, n), np.inf)
    outcome = np.select([off < hours, lost], ["censored", "never"], "restored")
    hours = np.select([off < hours, lost], [off, np.inf], hours)
    frame = {
        "group": np.repeat(np.arange(RUNS), n),
        "kind": "drill",
        "outcome": outcome.ravel(),
        "hours": hours.ravel(),
    }
    clocks = {f"{c}_outcome": "data" for c in ("disrupted", "declared", "data")}
    return pd.DataFrame(frame | clocks | {f"{c}_hours": np.nan for c in ("disrupted", "declared", "data")})


def estimated(rows: pd.DataFrame) -> pd.DataFrame:
    none = np.full(RUNS, np.nan)
    return estimate_recovery_time(rows, pd.RangeIndex(RUNS), within_hours=none, chance=none)


def covered(low, high, true) -> str:
    low, high = np.asarray(low, float), np.asarray(high, float)
    holds = (np.nan_to_num(low, nan=-np.inf) <= true) & (true <= np.nan_to_num(high, nan=np.inf))
    return f"{percent(holds.mean())} ({percent((np.isnan(low) | np.isnan(high)).mean())})"


def medians_and_slowest() -> tuple[str, str]:
    medians, slowest = [], []
    for name, law in LAWS.items():
        for never in NEVER:
            median_row, slowest_row = [], []
            true = law.ppf(0.5 / (1 - never))
            for n in SIZES:
                for censored in CENSORED:
                    found = estimated(drawn(law, n, censored=censored, never=never, seed=n))
                    median_row.append(covered(found["median_low"], found["median_high"], true))
                    covers = law.cdf(found["slowest_restored_hours"].fillna(0))
                    slowest_row.append(percent((covers >= found["slowest_bounds_share"].fillna(0)).mean()))
            label = f"{name}, {percent(never)} never restored"
            medians.append([label, *median_row])
            slowest.append([label, *slowest_row])
    head = ["", *(f"n = {n}, {c:.0%} off" for n in SIZES for c in CENSORED)]
    return table(head, medians), table(head, slowest)


def exact() -> str:
    rows = []
    for name, law in LAWS.items():
        for how in ("exact", "band"):
            row = [f"{name}: {how}"]
            for n in (6, 8, *SIZES):
                rows_of = drawn(law, n, censored=0, never=0, seed=n)
                if how == "exact":
                    found = estimated(rows_of)[["median_low", "median_high"]].set_axis(["low", "high"], axis=1)
                else:
                    found = quantiles(
                        kaplan_meier(rows_of["hours"], np.ones(len(rows_of), bool), group=rows_of["group"]), 0.5
                    )
                row.append(covered(found["low"], found["high"], law.ppf(0.5)))
            rows.append(row)
    return table(["", *(f"n = {n}" for n in (6, 8, *SIZES))], rows)


def phases(n: int, common: float, groups: int, rng) -> np.ndarray:
    z = np.sqrt(common) * rng.standard_normal((groups, n, 1)) + np.sqrt(1 - common) * rng.standard_normal(
        (groups, n, 5)
    )
    return MEDIANS * np.exp(SIGMAS * z)


def long(hours: np.ndarray) -> pd.DataFrame:
    groups, n, k = hours.shape
    row = np.repeat(np.arange(groups * n), k)
    return pd.DataFrame(
        {"row": row, "group": row // n, "phase": np.tile(np.arange(k), groups * n), "hours": hours.ravel(),
         "outcome": "ended", "whole": True}
    )  # fmt: skip


def phase_laws() -> tuple[str, str]:
    shares, redrawn = [], []
    for name, common in COMMON.items():
        many = phases(2_000_000, common, 1, np.random.default_rng(99))[0]
        total = many.sum(axis=1)
        slopes = np.array([np.cov(many[:, i], total)[0, 1] for i in range(5)]) / total.var()
        true = {"share_of_time": many.sum(axis=0) / total.sum(), "share_of_variance": slopes}
        quantile = dict(zip((0.5, 0.9), np.quantile(total, [0.5, 0.9]), strict=True))
        for n in SIZES:
            rng = np.random.default_rng([5, n])
            parts = [long(phases(n, common, 100, rng)) for _ in range(PHASE_RUNS // 100)]
            asked = [estimate_phases(p, groups=100, number=6) for p in parts]
            asked, some = pd.concat(asked), parts[: REDRAWN_RUNS // 100]
            row = []
            for column, values in true.items():
                at = values[asked["phase"]]
                holds = (asked[f"{column}_low"] <= at) & (at <= asked[f"{column}_high"])
                each = holds.groupby(asked["phase"].to_numpy()).mean()
                row.append(f"{percent(each.min())} to {percent(each.max())}")
            shares.append([name, f"{n}", *row])
            cells = []
            for share, at in quantile.items():
                again = pd.concat([redraw_totals(p, 6, groups=100, rng=rng, share=share) for p in some])
                cells.append(percent(((again["low"] <= at) & (at <= again["high"])).mean()))
                cells.append(f"{again['redrawn_hours'].median() / at:.2f}")
            redrawn.append([name, f"{n}", *cells])
    head = ["Phases", "n", "Median: coverage", "re-drawn / true", "P90: coverage", "re-drawn / true"]
    return (table(["Phases", "n", "Share of the time", "Share of the variance"], shares), table(head, redrawn))


def main() -> None:
    median, slowest = medians_and_slowest()
    shares, redrawn = phase_laws()
    error = 100 * norm.ppf(0.8413) * np.sqrt(0.95 * 0.05 / RUNS)
    text = TEXT.format(chance=chance(), runs=RUNS, error=error, median=median, exact=exact(), slowest=slowest,
                       phase_runs=PHASE_RUNS, redrawn_runs=REDRAWN_RUNS, shares=shares, redrawn=redrawn)  # fmt: skip
    (Path(__file__).parent.parent / "docs" / "calibration_recovery.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
