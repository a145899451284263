"""Do failures come more often, or less often, than they did? Three tests side by side, since they can disagree.

Laplace and MIL-HDBK-189 ask whether failures are a homogeneous Poisson process, so that failures that merely cluster
make them speak of a trend: on lognormal gaps (sigma 1.5) each does so for one history in five of 10 failures.
Lewis-Robinson asks whether they are a renewal process of whatever law. Therefore a trend is called one where all three
find it, in the same direction. All of them hold for time and for failure truncation, and, with several systems in a
group, for systems that fail each at a rate of its own.

References
----------
Cox, D. R. and Lewis, P. A. W. (1966), The Statistical Analysis of Series of Events, ch. 3 (Laplace).
MIL-HDBK-189 (1981), Reliability Growth Management, app. C.
Lewis, P. A. W. and Robinson, D. W. (1974), Testing for a monotone trend in a modulated renewal process.
Kvaløy, J. T. and Lindqvist, B. H. (1998), TTT-based tests for trend in repairable systems data, Reliability
Engineering and System Safety 60 (several systems).
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.failure_times import FailureTimes
from continuity_analysis.models.multiple_tests import benjamini_hochberg

LEVEL = 0.05
FEWEST = 8  # from here on each test is wrong as often as it says (docs/calibration_trends.md)
MORE, LESS, NONE = "more often", "less often", "no evidence of a trend"
DISAGREE, TOO_FEW = "the tests disagree", "too few failures"
TESTS = {"laplace": "Laplace", "mil_hdbk": "MIL-HDBK-189", "lewis_robinson": "Lewis-Robinson"}


def trend_tests(failures: FailureTimes) -> pd.DataFrame:
    """Three tests against a trend, of every group.

    Parameters
    ----------
    failures : FailureTimes

    Returns
    -------
    DataFrame
        One row per group: n; laplace_u (above 0: more often) and laplace_p; mil_hdbk_chi2 with mil_hdbk_df (below its
        degrees of freedom: more often) and mil_hdbk_p; lewis_robinson_u, which is Laplace's over the coefficient of
        variation of the complete gaps, the last failure taken as the end (above 0: more often), and lewis_robinson_p.
        All p are two-sided. Null where there is nothing to ask.
    """
    from scipy.special import gammainc, gammaincc, ndtr

    every, inner = np.ones(len(failures.hours), dtype=bool), ~failures.ends_it
    end, n = failures.end[failures.system], failures.count(inner)
    some = np.where(n > 0, n, np.nan)
    above, variance = failures.total(failures.hours - end / 2, inner), failures.total(end**2 / 12, inner)
    u = above / np.sqrt(np.where(n > 0, variance, np.nan))
    chi2 = np.where(n > 0, 2 * failures.total(np.log(end / failures.hours), inner), np.nan)
    lewis = _lewis_robinson(failures)
    return pd.DataFrame(
        {
            "n": failures.count(every),
            "laplace_u": u,
            "laplace_p": 2 * ndtr(-np.abs(u)),
            "mil_hdbk_chi2": chi2,
            "mil_hdbk_df": 2 * n,
            "mil_hdbk_p": 2 * np.minimum(gammainc(some, chi2 / 2), gammaincc(some, chi2 / 2)),
            "lewis_robinson_u": lewis,
            "lewis_robinson_p": 2 * ndtr(-np.abs(lewis)),
        }
    )


def judge_trends(tests: pd.DataFrame) -> pd.DataFrame:
    """What the tests say together, in words.

    Parameters
    ----------
    tests : DataFrame
        Result of `trend_tests`; its rows are asked together, so that of the trends called one in twenty is none.

    Returns
    -------
    DataFrame
        `tests` with adjusted_p, verdict and reason. The p of a trend is the largest of the three (1 where they point in
        different directions), adjusted for the number of groups (Benjamini-Hochberg). The tests disagree where some,
        each adjusted in the same way, find what the others do not. Below `FEWEST` failures all is null but n.
    """
    enough = (tests["n"] >= FEWEST).to_numpy()
    tests = tests.assign(**{name: tests[name].where(enough) for name in tests.columns.drop("n")})
    p = tests[[f"{name}_p" for name in TESTS]].to_numpy(float)
    rising = np.column_stack(
        [tests["laplace_u"] > 0, tests["mil_hdbk_chi2"] < tests["mil_hdbk_df"], tests["lewis_robinson_u"] > 0]
    )
    same = (rising == rising[:, :1]).all(axis=1)
    adjusted = benjamini_hochberg(np.where(enough, np.where(same, p.max(axis=1), 1.0), np.nan))
    finds = np.column_stack([benjamini_hochberg(column) <= LEVEL for column in p.T])
    differ = finds.any(axis=1) & ~(finds.all(axis=1) & same)
    trend = np.where(rising[:, 0], MORE, LESS)
    verdict = np.select([~enough, adjusted <= LEVEL, differ], [TOO_FEW, trend, DISAGREE], NONE)
    reason = [_reason(*row) for row in zip(verdict, tests["n"], finds, strict=True)]
    return tests.assign(
        adjusted_p=adjusted, verdict=pd.Series(verdict, dtype="str"), reason=pd.Series(reason, dtype="str")
    )


def _lewis_robinson(failures: FailureTimes) -> np.ndarray:
    """Standardised sum of the failure times before the last one of each system, given its gaps in any order.

    Over all orders of the n gaps of a system that sum has mean (n - 1) / 2 of the last failure, and variance
    s² n (n² - 1) / 12. The factor N / (N + 1) makes it Lewis and Robinson's own statistic for a single system.
    """
    hours, system, n = failures.hours, failures.system, failures.n
    gaps = np.diff(hours, prepend=0.0)
    first = np.append(True, system[1:] != system[:-1])[: len(system)]
    gaps[first] = hours[first]
    last = np.bincount(system, weights=gaps, minlength=len(n))
    squares = np.bincount(system, weights=(gaps - (last / np.maximum(n, 1))[system]) ** 2, minlength=len(n))
    before = np.bincount(system, weights=hours, minlength=len(n)) - last
    asked = n >= 2
    excess, variance, size = (
        np.bincount(failures.group[asked], weights=values[asked], minlength=failures.groups)
        for values in (before - (n - 1) * last / 2, squares * n * (n + 1) / 12, n)
    )
    flat = variance <= 1e-20 * np.maximum(excess**2, 1)  # all gaps alike: nothing to tell a trend from
    u = np.where(flat, 0.0, excess / np.sqrt(np.where(flat, 1.0, variance * size / np.maximum(size + 1, 1))))
    return np.where(size > 0, u, np.nan)


def _reason(verdict: str, n: int, finds: np.ndarray) -> str | None:
    if verdict == TOO_FEW:
        return f"{n} failure{'s' if n != 1 else ''}; at least {FEWEST} are needed"
    if verdict != DISAGREE:
        return None
    found = [name for name, found in zip(TESTS.values(), finds, strict=True) if found]
    return f"found by {' and '.join(found)} only" if len(found) < len(TESTS) else "they point in opposite directions"
