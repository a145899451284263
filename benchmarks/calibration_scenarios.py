"""How often next year's cost falls within its forecast, on simulated platforms: docs/calibration_scenarios.md.

    python benchmarks/calibration_scenarios.py

Seeds are fixed, so the same table comes out each time.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from continuity_analysis.models.edits import no_edits
from continuity_analysis.models.platform import Platform
from continuity_analysis.models.platform_fit import PlatformEvidence, fit_platform
from continuity_analysis.models.resampling import LAWS, draw_resampled_law
from continuity_analysis.models.simulated_failures import begun_while_up
from continuity_analysis.models.simulation import simulate

PLATFORMS, BATCHES, YEARS, YEAR = 500, 4, 1_000, 8_760.0
RATES, SPREADS = (4, 8, 24), (0.8, 1.5)
NEEDS_BACKUP, DRILLS = 0.3, 6
SERVICES, TOGETHER = 10, 250
RECOVERY = (np.log(4.0), 0.5)
EVERY, RUN, MISSED = 24.0, 1.5, 0.1  # backups: hours between them, run time, share that is missed
QUANTITIES = {"down": "Down time", "lost": "Data lost", "worst_recovery": "Worst recovery"}
TEXT = """# Calibration: how often next year falls within its forecast

Made by `python benchmarks/calibration_scenarios.py`; seeds are fixed. Each cell is {platforms:,} simulated platforms of
one service. Twelve months of logs are drawn from laws that are known, the platform is fitted to them alone, and
{years:,} years are simulated from the fit; then the next year is drawn from the true laws. A cell says how often that
year lies within the central 90 % of the simulated ones. The standard error of such a share is 0.7 points.

The true laws are of the family that is fitted: failures come as a Poisson process, at 4 to 24 expected a year; down
times are lognormal (spread is sigma of their logarithm); {needs:.0%} of the failures need a backup; recoveries are
lognormal, and {drills} drills have been seen; backups are taken every 24 h, take 1.5 h, and one in ten is missed.
Platforms with fewer than 3 failures of known length in the logs have no forecast ("given").

"Plug-in" is the same simulation with every parameter at its estimate, as if it were known.

## In its family

{family}

Data lost and the worst recovery are zero in years without a recovery: where that is more likely than 5 %, the lower end
of the interval is zero and includes it, so that the interval holds more than 90 %.

## Outside its family

{outside}

## Services that lend each other their spread

{together_n} platforms of {services} services with 2 to 12 failures expected a year, whose median down times differ
(lognormally, sigma 1). A service with fewer than 10 failures of known length keeps its own rate and mean and takes the
spread of all about theirs; the cells are of those services. The first row is the family of the fit, in which all spread
alike; in the others they do not.

{lent}
"""


def truth(rate, spread, *, rng: np.random.Generator, level=0.0, law: str = "lognormal") -> dict:
    """A year of every platform: failures with their down times, whether they need a backup, and what is lost.

    `rate`, `level` and `spread` have one value per platform.
    """
    counts = rng.poisson(rate)
    row = np.repeat(np.arange(len(counts)), counts)
    start = rng.random(len(row)) * YEAR
    start, n = start[np.lexsort((start, row))], len(row)
    mu, sigma = (np.broadcast_to(x, len(counts))[row] for x in (level, spread))
    down = rng.lognormal(mu, sigma) if law == "lognormal" else rng.weibull(0.7, n)
    backup = rng.random(n) < NEEDS_BACKUP
    down = np.where(backup, rng.lognormal(*RECOVERY, n), down)
    kept = begun_while_up(row, start, down=down)
    found = {"row": row, "start": start, "down": down, "backup": backup, "lost": np.where(backup, ages(n, rng), 0.0)}
    return {name: x[kept] for name, x in found.items()}


def ages(n: int, rng: np.random.Generator) -> np.ndarray:
    """Age of the recovery point at `n` random moments: how many backups were missed, and how far the next one is."""
    return RUN + EVERY * (rng.geometric(1 - MISSED, n) - 1 + rng.random(n))


def pieces(platforms: int, rng: np.random.Generator) -> pd.DataFrame:
    """A year of exposure of every platform."""
    gaps = EVERY * rng.geometric(1 - MISSED, (platforms, 400)).astype(float)
    ends = np.cumsum(gaps, axis=1)
    length = np.minimum(ends, YEAR) - np.minimum(ends - gaps, YEAR)
    group = np.repeat(np.arange(platforms), 400)
    rows = pd.DataFrame({"group": group, "length_hours": length.ravel(), "youngest_hours": RUN})
    return rows[rows["length_hours"] > 0].assign(grows=True, unprotected=False)


def evidence(year: dict, platforms: int, *, rng: np.random.Generator) -> PlatformEvidence:
    lasted = np.minimum(year["down"], YEAR - year["start"])
    failures = pd.DataFrame(
        {
            "group": year["row"],
            "down_hours": lasted,
            "censored": lasted < year["down"],
            "down_at_end": lasted < year["down"],
            "needed_backup": year["backup"],
            "shared": -1,
        }
    )
    drills = pd.DataFrame({"group": np.repeat(np.arange(platforms), DRILLS), "outcome": "restored"})
    drills["hours"] = rng.lognormal(*RECOVERY, len(drills))
    names = pd.Index([f"platform {i}" for i in range(platforms)], dtype="str")
    real = failures[failures["needed_backup"]].rename(columns={"down_hours": "hours"})
    real["outcome"] = np.where(real["censored"], "censored", "restored")
    return PlatformEvidence(
        services=names,
        up_hours=YEAR - np.bincount(year["row"], lasted, platforms),
        failures=failures,
        recoveries=pd.concat([drills, real[["group", "hours", "outcome"]]], ignore_index=True),
        restores_recorded=True,
        undetected=pd.DataFrame({"group": np.zeros(0, dtype=np.int64), "share": np.zeros(0)}),
        pieces=pieces(platforms, rng),
        needs=np.zeros((0, 2), dtype=np.int64),
    )


def plug_in(seen: PlatformEvidence, fitted: Platform) -> Platform:
    """Every parameter at its estimate."""
    n = len(seen.services)

    def per_group(rows: pd.DataFrame, values) -> tuple[np.ndarray, np.ndarray]:
        grouped = pd.Series(values, index=rows.index).groupby(rows["group"])
        return (grouped.agg(f).reindex(range(n)).to_numpy()[:, None] for f in ("mean", "std"))

    ordinary = seen.failures[~seen.failures["needed_backup"] & ~seen.failures["censored"]]
    mu, sigma = per_group(ordinary, np.log(ordinary["down_hours"]))
    done = seen.recoveries[seen.recoveries["outcome"] == "restored"]
    slow, spread = per_group(done, np.log(done["hours"]))
    count, needed = (np.bincount(f["group"], minlength=n)[:, None] for f in
                     (seen.failures, seen.failures[seen.failures["needed_backup"]]))  # fmt: skip
    rate = np.where(np.isnan(fitted.failures.rate[:, :1]), np.nan, count / seen.up_hours[:, None])
    law = replace(fitted.failures, rate=rate, mu=mu, sigma=sigma, left_hours=np.zeros_like(mu))
    share = needed / np.maximum(count, 1)
    recoveries = replace(fitted.recoveries, mu=slow, sigma=spread, success=np.ones_like(share), share=share)
    points = fitted.recovery_points
    group = np.repeat(np.arange(n), points.law.size)
    fixed = draw_resampled_law(group, points.length, names=seen.services, purpose="plug-in")
    cumulative = _unweighted(points.length, points.law.size)
    points = replace(points, law=replace(fixed, cumulative=cumulative))
    return replace(fitted, failures=law, recoveries=recoveries, recovery_points=points)


def _unweighted(length: np.ndarray, size: np.ndarray) -> np.ndarray:
    """The pieces by how long they lasted, the same in each of the laws."""
    parts = np.split(length, np.cumsum(size)[:-1])
    laws = [np.tile(np.cumsum(p) / p.sum() * (1 - 1e-12), (LAWS, 1)) for p in parts]
    return np.concatenate([(i * LAWS + np.arange(LAWS)[:, None] + x).ravel() for i, x in enumerate(laws)])


def inside(platform: Platform, actual: dict) -> dict[str, np.ndarray]:
    """Whether each actual year lies within the central 90 % of the simulated ones; NaN: there is no forecast."""
    years = simulate(platform, {"next": no_edits(len(platform.services))}, years=YEARS)["next"]
    found = {}
    for name, happened in costs(actual, len(platform.services)).items():
        values = getattr(years, name)
        low, high = np.quantile(values, [0.05, 0.95], axis=1, method="inverted_cdf")
        given = ~np.isnan(values).any(axis=1)
        found[name] = np.where(given, (low <= happened) & (happened <= high), np.nan)
    return found


def costs(year: dict, platforms: int) -> dict[str, np.ndarray]:
    worst = np.zeros(platforms)
    np.maximum.at(worst, year["row"][year["backup"]], year["down"][year["backup"]])
    lasted = np.minimum(year["down"], YEAR - year["start"])
    down, lost = (np.bincount(year["row"], x, platforms) for x in (lasted, year["lost"]))
    return {"down": down, "lost": lost, "worst_recovery": worst}


def batch(rate: float, spread: float, law: str, number: int) -> pd.DataFrame:
    """One row per platform: whether its next year lies inside, by the fit and by the plug-in."""
    rng = np.random.default_rng([8, rate, int(10 * spread), len(law), number])
    often = np.full(PLATFORMS, rate)
    seen = evidence(truth(often, spread, law=law, rng=rng), PLATFORMS, rng=rng)
    fitted, actual = fit_platform(seen, pooled=False), truth(often, spread, law=law, rng=rng)
    plain = inside(plug_in(seen, fitted), actual)
    return pd.DataFrame(inside(fitted, actual) | {f"{name} plug-in": x for name, x in plain.items()})


def cell(rate: float, spread: float, law: str = "lognormal") -> dict[str, object]:
    found = pd.concat([batch(rate, spread, law, number) for number in range(BATCHES)])
    row: dict[str, object] = {"Failures a year": rate, "Spread": spread if law == "lognormal" else law}
    row["Given"] = percent(found["down"].notna().mean())
    for name, title in QUANTITIES.items():
        row |= {title: percent(found[name].mean()), f"{title}, plug-in": percent(found[f"{name} plug-in"].mean())}
    print(row, flush=True)
    return row


def together(spreads: tuple[float, float]) -> dict[str, object]:
    """Services of one platform that lend each other their spread: whose next year of down time lies inside."""
    frames = []
    for number in range(TOGETHER):
        rng = np.random.default_rng([9, int(10 * spreads[1]), number])
        often, level = rng.uniform(2, 12, SERVICES), rng.normal(0, 1, SERVICES)
        spread = rng.uniform(*spreads, SERVICES)
        seen = evidence(truth(often, spread, level=level, rng=rng), SERVICES, rng=rng)
        fitted, actual = fit_platform(seen), truth(often, spread, level=level, rng=rng)
        frames.append(pd.DataFrame(inside(fitted, actual)).assign(lent=fitted.about["spread_from"] == "all services"))
    found = pd.concat(frames)
    row: dict[str, object] = {"Spread of the services": f"{spreads[0]} to {spreads[1]}"}
    row["Spread lent"] = percent(found["lent"].mean())
    return row | {title: percent(found.loc[found["lent"], name].mean()) for name, title in QUANTITIES.items()}


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def table(rows: list[dict]) -> str:
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + " --- |" * len(rows[0])]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row.values())) + " |" for row in rows)])


def main() -> None:
    family = [cell(rate, spread) for spread in SPREADS for rate in RATES]
    outside = [cell(rate, 0.0, "Weibull, shape 0.7") for rate in RATES[1:]]
    size = {"platforms": PLATFORMS * BATCHES, "years": YEARS, "needs": NEEDS_BACKUP, "drills": DRILLS}
    size |= {"together_n": TOGETHER, "services": SERVICES}
    lent = [together(spreads) for spreads in ((1.2, 1.2), (0.8, 1.6), (0.4, 2.0))]
    text = TEXT.format(**size, family=table(family), outside=table(outside), lent=table(lent))
    (Path(__file__).parents[1] / "docs" / "calibration_scenarios.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
