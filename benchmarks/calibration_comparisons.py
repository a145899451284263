"""How often the comparison of two periods is wrong, and how often it sees a change: docs/calibration_comparisons.md.

    python benchmarks/calibration_comparisons.py

Seeds are fixed, so the same tables come out each time.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from continuity_analysis.models.comparisons import LEVEL
from continuity_analysis.models.log_rank import log_rank_scores, permutation_log_rank

PAIRS, AT_ONCE, SIZES, CENSORED = 2_000, 500, (10, 30), (0.0, 0.1, 0.3)
LAWS = {
    "lognormal, sigma 1.5": lambda r, size: r.lognormal(0, 1.5, size),
    "log-logistic, shape 1": lambda r, size: np.exp(r.logistic(0, 1, size)),
    "Pareto, exponent 1.1": lambda r, size: r.pareto(1.1, size) + 1,
    "whole minutes, many zeros": lambda r, size: np.floor(r.lognormal(0, 1.5, size)),
}
RATIOS = {"half": 0.5, "10 % less": 0.9, "10 % more": 1.1, "half as much again": 1.5, "double": 2.0, "fourfold": 4.0}
TEXT = """# Calibration of comparisons: false alarms, and what is seen

Made by `python benchmarks/calibration_comparisons.py`; seeds are fixed. Each cell is {pairs:,} pairs of periods
(standard error at 5 %: {error:.2f} points), each compared alone by the permutation log-rank test at 5 %, which is what
the verdict rests on.

## False alarms: nothing changed

Share of pairs of which the verdict would be "longer" or "shorter". Both periods have n incidents of one heavy-tailed
law; the share named is still open, right-censored at a time of its own. An honest test says so in at most 5 %.

{false}

With three severities, whose durations differ by a factor of 5, in equal parts, the test within severities (stratified)
and the one that ignores them; then with as many incidents in both periods but another mix of severities (half, third,
sixth against sixth, third, half), where nothing changed within any severity:

{strata}

Ignoring severities, a change of the mix is taken for a change of the time to restore; within severities it is not.

## What is seen

Share of pairs in which the verdict is a change, when all durations of the second period are multiplied (lognormal,
sigma 1.5, nothing open).

{power}
"""


def alarms(draw: Callable[[np.random.Generator], tuple[np.ndarray, ...]], *, seed: list[int]) -> float:
    """Share of pairs that are called a change.

    Parameters
    ----------
    draw : callable
        Takes a generator; returns hours, ended, second and stratum, each of shape (pairs at once, n of both).
    seed : list of int
    """
    changed = 0
    for part in range(PAIRS // AT_ONCE):
        hours, ended, second, stratum = draw(np.random.default_rng([*seed, part]))
        group = np.repeat(np.arange(AT_ONCE), hours.shape[1])
        stratum = (np.arange(AT_ONCE)[:, None] * (stratum.max() + 1) + stratum).ravel()
        scores = log_rank_scores(hours.ravel(), ended.ravel(), stratum)
        found = permutation_log_rank(scores, second.ravel(), stratum, group=group, groups=AT_ONCE, seed=part)
        changed += int((found["p"] <= LEVEL).sum())
    return changed / PAIRS


def alike(law: Callable, n: int, censored: float, *, ratio: float = 1.0) -> Callable:
    """Pairs of n and n of one law, the second times a ratio, of which a share is censored at a time of its own."""

    def draw(r: np.random.Generator):
        shape = (AT_ONCE, 2 * n)
        second = np.broadcast_to(np.arange(2 * n) >= n, shape)
        hours = law(r, shape) * np.where(second, ratio, 1.0)
        last = np.where(r.random(shape) < censored, hours * r.random(shape), np.inf)
        return np.minimum(hours, last), hours <= last, second, np.zeros(shape, dtype=np.int64)

    return draw


def mixed(n: int, *, within: bool, shifted: bool) -> Callable:
    """Pairs whose durations differ by severity, in the same mix or in another one."""
    parts = np.array([[3, 2, 1], [1, 2, 3]]) / 6 if shifted else np.full((2, 3), 1 / 3)
    counts = np.round(parts * n).astype(int)
    severity = np.concatenate([np.repeat(np.arange(3), count) for count in counts])
    second = np.repeat([False, True], counts.sum(axis=1))

    def draw(r: np.random.Generator):
        shape = (AT_ONCE, len(severity))
        hours = r.lognormal(0, 1.5, shape) * 5.0**-severity
        strata = np.broadcast_to(severity if within else np.zeros_like(severity), shape)
        return hours, np.ones(shape, dtype=bool), np.broadcast_to(second, shape), strata

    return draw


def table(header: list[str], rows: dict[str, list[float]]) -> str:
    lines = ["| | " + " | ".join(header) + " |", "|---" * (len(header) + 1) + "|"]
    return "\n".join(lines + [f"| {name} | " + " | ".join(f"{100 * x:.1f} %" for x in row) + " |" for name, row in
                              rows.items()])  # fmt: skip


def main() -> None:
    """Simulate, and write the page."""
    cells = [(n, c) for n in SIZES for c in CENSORED]
    false = {
        name: [alarms(alike(law, n, c), seed=[1, k, n, int(100 * c)]) for n, c in cells]
        for k, (name, law) in enumerate(LAWS.items())
    }
    strata = {}
    for label, shifted in (("the same mix", False), ("another mix", True)):
        for how, within in (("within severities", True), ("ignoring them", False)):
            row = [alarms(mixed(n, within=within, shifted=shifted), seed=[2, shifted, within, n]) for n in (12, 30)]
            strata[f"{label}, {how}"] = row
    lognormal = LAWS["lognormal, sigma 1.5"]
    power = {
        name: [alarms(alike(lognormal, n, 0.0, ratio=x), seed=[3, int(10 * x), n]) for n in SIZES]
        for name, x in RATIOS.items()
    }
    text = TEXT.format(
        pairs=PAIRS,
        error=100 * np.sqrt(0.05 * 0.95 / PAIRS),
        false=table([f"n = {n}, {c:.0%} open".replace("%", " %") for n, c in cells], false),
        strata=table(["n = 12", "n = 30"], strata),
        power=table([f"n = {n}" for n in SIZES], power),
    )
    (Path(__file__).parent.parent / "docs" / "calibration_comparisons.md").write_text(text)


if __name__ == "__main__":
    main()
