"""How often incidents are called worse than a random moment, rightly and wrongly: see docs, same name.

    python benchmarks/calibration_exposure_at_incidents.py

Seeds are fixed, so the same tables come out each time.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from continuity_analysis.models.exposure_at_incidents import estimate_exposure_at_incidents, positions
from continuity_analysis.models.exposure_law import law_of

RUNS, SIZES, QUARTER = 10_000, (5, 10, 33, 100), 2208.0
ORIGIN = pd.Timestamp("2026-07-01", tz="UTC")
TEXT = """# Calibration of exposure at incidents

Made by `python benchmarks/calibration_exposure_at_incidents.py`; seeds are fixed. Each cell is {runs:,} simulated
quarters of one service (standard error at 5 %: {error:.2f} points): the share in which its incidents are called worse
than a random moment (p at most 5 %). Backups begin every 6 h and take half an hour; in some rows
runs are missed at random, or there is no recovery point at all for the first two weeks.

## Incidents that begin without regard to backups

{size}

The test keeps its level whatever the schedule, also where the law has a step (two weeks without a recovery point).

## Incidents that are not independent

Each incident but the first of a pair follows another one within two hours, still without regard to backups.

{pairs}

Such pairs make it call up to twice what it should: where incidents of a service, or of services that need each other,
come together, a p-value near 5 % says little.

## Incidents that begin when more is at risk

A share of the incidents falls into the worst tenth of the time (storage that fails takes backups with it).

{power}
"""


def schedule(missed: float, bare_hours: float, rng: np.random.Generator) -> tuple[np.ndarray, pd.DataFrame]:
    """When points become usable, and the pieces of a quarter."""
    begun = np.arange(-48, QUARTER, 6.0)
    begun = begun[(rng.random(len(begun)) >= missed) & ((begun >= bare_hours) | (bare_hours == 0))]
    usable = begun + 0.5
    first = np.searchsorted(usable, 0, side="right") - 1
    cuts = np.append(0.0, usable[(usable > 0) & (usable < QUARTER)])
    held = np.append(begun[first] if first >= 0 else np.nan, begun[(usable > 0) & (usable < QUARTER)])
    moments = {c: ORIGIN + pd.to_timedelta(v, unit="h").round("us") for c, v in (("from_at", cuts), ("data_at", held))}
    until = ORIGIN + pd.to_timedelta(np.append(cuts[1:], QUARTER), unit="h").round("us")
    state = np.where(np.isnan(held), "unprotected", "protected")
    return cuts, pd.DataFrame({"service": "shop", "until_at": until, "state": state} | moments)


def share_worse(times: np.ndarray, cuts: np.ndarray, pieces: pd.DataFrame) -> float:
    """Share of quarters (rows) of which the incidents are called worse."""
    row = np.searchsorted(cuts, times.ravel(), side="right") - 1
    held = ((pieces["data_at"] - ORIGIN) / pd.Timedelta(hours=1)).to_numpy()[row]
    hours = np.where(np.isnan(held), np.inf, times.ravel() - held)
    law = law_of(pieces, "service")
    place = positions(law, np.zeros(len(hours), dtype=int), hours)
    frame = pd.DataFrame({"group": np.repeat(np.arange(len(times)), times.shape[1]), "position": place, "hours": hours})
    frame["survived"] = pd.array([None] * len(frame), dtype="boolean")
    names = pd.Index(np.arange(len(times)).astype(str))
    found = estimate_exposure_at_incidents(frame, law, groups=names, alone=np.ones(len(times), dtype=bool))
    return float((found["p_value"] <= 0.05).mean())


def at_random(n: int, cuts, pieces, rng) -> np.ndarray:
    """Incidents at random moments."""
    return rng.uniform(0, QUARTER, (RUNS, n))


def in_pairs(n: int, cuts, pieces, rng) -> np.ndarray:
    """Every second one follows the one before it within two hours."""
    first = rng.uniform(0, QUARTER - 2, (RUNS, -(-n // 2)))
    return np.concatenate([first, first + rng.uniform(0, 2, first.shape)], axis=1)[:, :n]


def at_worst(share: float):
    """A share of them in the worst tenth of the time."""

    def drawn(n: int, cuts, pieces, rng) -> np.ndarray:
        times = rng.uniform(0, QUARTER, (RUNS, 12 * n))
        held = ((pieces["data_at"] - ORIGIN) / pd.Timedelta(hours=1)).to_numpy()
        age = times - held[np.searchsorted(cuts, times, side="right") - 1]
        worst = age >= np.quantile(age, 0.9)
        order = np.argsort(~worst, axis=1, kind="stable")
        chosen = np.take_along_axis(times, order[:, :n], axis=1)
        return np.where(rng.random((RUNS, n)) < share, chosen, times[:, -n:])

    return drawn


SCHEDULES = {"every run succeeds": (0, 0), "10 % missed": (0.1, 0), "40 % missed": (0.4, 0)}
STEP = {"none for the first two weeks": (0.1, 336)}


def table(kinds: dict, draw) -> str:
    """One row per schedule, one column per number of incidents."""
    lines = ["| Backups | " + " | ".join(f"n = {n}" for n in SIZES) + " |", "|" + " --- |" * (len(SIZES) + 1)]
    for name, (missed, bare) in kinds.items():
        rng = np.random.default_rng(0)
        cuts, pieces = schedule(missed, bare, rng)
        cells = [f"{100 * share_worse(draw(n, cuts, pieces, rng), cuts, pieces):.1f} %" for n in SIZES]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Write the tables."""
    power = "\n\n".join(f"{share:.0%} of them:\n\n" + table(SCHEDULES, at_worst(share)) for share in (0.2, 0.5))
    text = TEXT.format(
        runs=RUNS,
        error=100 * np.sqrt(0.05 * 0.95 / RUNS),
        size=table(SCHEDULES | STEP, at_random),
        pairs=table(SCHEDULES, in_pairs),
        power=power,
    )
    Path(__file__).parent.parent.joinpath("docs/calibration_exposure_at_incidents.md").write_text(text)


if __name__ == "__main__":
    main()
