"""How often pooled intervals hold the truth, and who is called an outlier for nothing: docs/calibration_pooling.md.

    python benchmarks/calibration_pooling.py

Seeds are fixed, so the same tables come out each time. It takes about a quarter of an hour on two cores.
"""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

from continuity_analysis.models.pooling import compare_with_common, own_medians, pool_durations, seen_durations

RUNS, FEWER, SIZES, OPEN, MOST = 2_000, 500, (5, 15, 50), (0.0, 0.1, 0.3), 10
LAWS = {
    "model": "as the model has it",
    "heavy": "services by Student's t with 3 degrees of freedom",
    "two": "two kinds of services",
    "spreads": "within services sigma 0.5 to 2",
    "weibull": "Weibull within services, shape 0.7",
}
VARIANCE = {"spreads": (4 - 0.25) / (2 * np.log(4)), "weibull": np.pi**2 / 6 / 0.7**2}  # within services, else 1
TEXT = """# Calibration of pooled medians: how often intervals hold the truth

Made by `python benchmarks/calibration_pooling.py`; seeds are fixed. Each cell of the first table is {runs:,} simulated
fleets, of the others {fewer:,} (standard error of coverage at most 0.3 and 0.6 points). A service has 1 to {most}
incidents (each number as likely), whose logarithms deviate within services by sigma = 1 and between them by tau; a
share of the incidents is still open when last seen. Coverage is the share of services (averaged over the fleet) whose
true median lies in their 95 % interval.

## As the model has it

{model}

*Pooled*: the interval printed. *Few*: of services with at most two incidents. *All open*: of services none of whose
incidents has ended. *Raw*: the interval by a service's own incidents alone, where there is one (*given*). *Narrower*:
how many times shorter the pooled interval is, on the logarithm, in the median over services that have both. *Error*:
root mean square error of the pooled logarithm over that of the raw one, over services that have a raw value. *Typical*
and *Between*: coverage of the median of a typical service and of the share of the variance between services. *None*:
fleets for which nothing is printed (fewer than 5 services of which an incident has ended, fewer than 5 ended incidents
beyond the first of each, or the likelihood does not say how far they differ).

## Where services do not differ at all, or more

{spread}

Where services do not differ, or hardly, the pooled interval holds the truth more often than it says: it must allow for
differences that few services cannot rule out. It is then too long, never too short. So is, with 5 services, that of
the typical one.

## Where the model is wrong

15 services, nothing open, tau = 0.5 (of the Weibull law the logarithms have its own deviation, and true medians are
those of that law).

{wrong}

Each service's own median is held about as often as stated; the median of a typical service is not where durations are
not lognormal.

## The funnel

Share of services called longer or shorter (adjusted p at most 5 %), and of fleets in which any is, where all services
have one law.

{funnel}
"""


def fleet(rng, services: int, tau: float, *, still_open: float, law: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Durations of a fleet, and the logarithm of the true median of each service."""
    n = rng.integers(1, MOST + 1, services)
    group = np.repeat(np.arange(services), n)
    own, within = tau * rng.normal(size=services), rng.normal(size=len(group))
    truth = own
    if law == "heavy":
        truth = own = tau * rng.standard_t(3, services) / np.sqrt(3)
    elif law == "two":
        truth = own = tau * rng.choice([-1.0, 1.0], services)
    elif law == "spreads":
        within = within * np.exp(rng.uniform(np.log(0.5), np.log(2), services))[group]
    elif law == "weibull":
        within = np.log(rng.weibull(0.7, len(group)))
        truth = own + np.log(np.log(2)) / 0.7
    y = own[group] + within
    spread = np.sqrt(1 + tau**2)
    seen = rng.normal(-ndtri(still_open) * np.sqrt(2) * spread, spread, len(y)) if still_open else np.inf
    return pd.DataFrame({"group": group, "hours": np.exp(np.minimum(y, seen)), "censored": y > seen}), truth


def cell(services: int, tau: float, still_open: float, law: str) -> dict[str, float]:
    """What came out of all fleets of a cell."""
    runs = RUNS if (tau, law) == (0.5, "model") else FEWER
    rng = np.random.default_rng([services, round(100 * tau), round(100 * still_open), list(LAWS).index(law)])
    typical, share = np.log(2) ** (1 / 0.7) if law == "weibull" else 1.0, tau**2 / (tau**2 + VARIANCE.get(law, 1.0))
    each, fleets, durations, truths = [], [], [], []
    for run in range(runs):
        one, truth = fleet(rng, services, tau, still_open=still_open, law=law)
        seen = seen_durations(one, groups=services)
        pooled, whole = pool_durations(seen)
        verdict = compare_with_common(seen, whole["within_sd"])[0]["verdict"] if tau == 0 else pd.Series(dtype="str")
        called = verdict.isin(["longer", "shorter"])
        found = {"called": called.mean(), "any": called.any()}
        found |= {"typical": inside(typical, whole, "typical"), "between": inside(share, whole, "between")}
        fleets.append({"none": bool(whole["reason"])} | (found if not whole["reason"] else {}))
        each.append(pooled)
        durations.append(one.assign(group=one["group"] + run * services))
        truths.append(truth)
    own = own_medians(seen_durations(pd.concat(durations), groups=runs * services))  # of all fleets at once
    rows = pd.concat([own, pd.concat(each, ignore_index=True)], axis=1).assign(truth=np.concatenate(truths))
    return summary(rows[rows["pooled_hours"].notna()], pd.DataFrame(fleets))


def summary(rows: pd.DataFrame, fleets: pd.DataFrame) -> dict[str, float]:
    truth = np.exp(rows["truth"])
    held = {c: rows[f"{c}_low"].le(truth) & rows[f"{c}_high"].ge(truth) for c in ("raw", "pooled")}
    width = {c: np.log(rows[f"{c}_high"] / rows[f"{c}_low"]) for c in ("raw", "pooled")}
    error = {c: np.sqrt((np.log(rows[f"{c}_hours"] / truth)[rows["raw_hours"].notna()] ** 2).mean()) for c in held}
    given, few, all_open = width["raw"].notna(), rows["n"] <= 2, rows["n"] == rows["n_censored"]
    return {
        "pooled": held["pooled"].mean(), "few": held["pooled"][few].mean(), "all open": held["pooled"][all_open].mean(),
        "raw": held["raw"][given].mean(), "given": given.mean(), "narrower": (width["raw"] / width["pooled"]).median(),
        "error": error["pooled"] / error["raw"],
        **{name: fleets[name].astype(float).mean() for name in ("typical", "between", "none", "called", "any")},
    }  # fmt: skip


def inside(truth: float, whole: pd.Series, name: str) -> bool:
    return bool(whole[f"{name}_low"] - 1e-9 <= truth <= whole[f"{name}_high"])


def percent(share: float) -> str:
    return "—" if np.isnan(share) else f"{100 * share:.1f} %"


def table(names: list[str], results: dict[tuple, dict]) -> str:
    """Cells in per cent, `narrower` and `error` as they are."""
    heads = ["Services", "tau", "Open", *(name.capitalize() for name in names)]
    rows = [heads, ["---"] * len(heads)]
    for (services, tau, still_open, _), found in results.items():
        shown = [f"{found[n]:.2f}" if n in ("narrower", "error") else percent(found[n]) for n in names]
        rows.append([str(services), f"{tau:g}", percent(still_open), *shown])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def cells() -> list[tuple]:
    """Services, tau, share still open and law of every cell."""
    model = [(k, 0.5, o, "model") for o in OPEN for k in SIZES]
    spread = [(k, tau, 0.0, "model") for tau in (0.0, 0.25, 1.0, 2.0) for k in SIZES]
    wrong = [(15, 0.5, 0.0, law) for law in LAWS if law != "model"]
    return [*model, *spread, *wrong, (15, 0.0, 0.3, "model")]


def report(found: dict[tuple, dict]) -> str:
    """The document, from what came out of each cell."""
    names = ["pooled", "few", "all open", "raw", "given", "narrower", "error", "typical", "between", "none"]
    short = ["pooled", "few", "narrower", "error", "typical", "between", "none"]
    model = {c: f for c, f in found.items() if c[1] == 0.5 and c[3] == "model"}
    spread = {c: f for c, f in found.items() if c[1] != 0.5 and c[2] == 0}
    rows = [["Law", "Pooled", "Few", "Raw", "Error", "Typical", "Between"], ["---"] * 7]
    for c, f in found.items():
        if c[3] != "model":
            held = [percent(f[name]) for name in ("pooled", "few", "raw")]
            rows.append([LAWS[c[3]], *held, f"{f['error']:.2f}", *(percent(f[n]) for n in ("typical", "between"))])
    return TEXT.format(
        runs=RUNS,
        fewer=FEWER,
        most=MOST,
        model=table(names, model),
        spread=table(short, spread),
        wrong="\n".join("| " + " | ".join(row) + " |" for row in rows),
        funnel=table(["called", "any"], {c: f for c, f in found.items() if c[1] == 0}),
    )


def main() -> None:
    every = cells()
    with ProcessPoolExecutor() as pool:
        found = dict(zip(every, pool.map(cell, *zip(*every, strict=True)), strict=True))
    Path(__file__).parents[1].joinpath("docs", "calibration_pooling.md").write_text(report(found), encoding="utf-8")


if __name__ == "__main__":
    main()
