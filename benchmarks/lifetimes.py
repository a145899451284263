"""How long survival curves, fits and bootstraps take, beside plain numpy and beside peers.

    python benchmarks/lifetimes.py [--rounds 7] [--json]

One in ten durations is right-censored. The floor of a curve with its intervals is what numpy needs to put the times in
order and to pass over the curve: one sort with its order, a gather, two running sums, one logarithm, five exponentials
and a square root. The floor of a fit is Newton's method written out for that one family: the logarithms, then as many
evaluations as the fit of that sample takes, each with the exponentials (for the lognormal: log_ndtr and exp of what is
censored) and the sums that the two derivatives need; it checks nothing and its groups are all of one size. The floor of
a bootstrap is its draws, that fit, and one sort.

Peers fit one group at a time; of many groups they get some, and their time is multiplied. All take turns; seconds are
processor time, which other work on the machine does not lengthen, and the middle one counts; ratios are the middle ones
of all rounds. Exits with 1 when the best peer finds something else.
"""

import sys
import warnings

import numpy as np
from scipy import stats
from scipy.special import log_ndtr
from turns import middle, options, print_table, ratio, take_turns

from continuity_analysis.models.lifetimes import (
    anderson_darling,
    fit_lifetimes,
    kaplan_meier,
    limits,
    newton,
    observations,
)

MANY, GROUPS, SIZE = 100_000, 1_000, 200
PEER_GROUPS, PEER_BOOTSTRAPS = 20, 20
LAWS = {"weibull": stats.weibull_min, "lognormal": stats.lognorm}


def sample(groups: int, n: int, family: str, *, censored: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Durations and whether they ended, shape (groups, n)."""
    rng = np.random.default_rng(0)
    hours = rng.weibull(0.8, (groups, n)) if family == "weibull" else rng.lognormal(0, 1.2, (groups, n))
    last_seen = rng.exponential(np.quantile(hours, 0.9) * 3, (groups, n)) if censored else np.inf
    return np.minimum(hours, last_seen), hours <= last_seen


# --- ours ------------------------------------------------------------------------------------------------------------


def curve(hours, ended, family):
    return kaplan_meier(hours.ravel(), ended.ravel())


def fit(hours, ended, family):
    groups, n = hours.shape
    lower, upper = limits(hours.ravel(), ended.ravel())
    return fit_lifetimes(observations(lower, upper, group=np.repeat(np.arange(groups), n), groups=groups), family)


def bootstrap(hours, ended, family):
    seen = observations(hours[0])
    return anderson_darling(seen, fit_lifetimes(seen, family), bootstraps=GROUPS)


# --- floors ----------------------------------------------------------------------------------------------------------


def curve_floor(hours, ended, family):
    hours, ended = hours.ravel(), ended.ravel()
    order = np.argsort(hours)
    at_risk = np.arange(len(hours), 0, -1)
    share = 1 - ended[order] / (at_risk + 1)
    log, spread = np.cumsum(np.log(share)), np.cumsum((1 - share) / at_risk)
    factor = np.exp(1.96 * np.sqrt(spread) / (1e-9 - log))
    return hours[order], np.exp(log), np.exp(log * factor), np.exp(log / factor), np.exp(spread)


def fit_floor(hours, ended, family):
    y = np.log(hours)
    n, y = len(y), y - y.mean(axis=1, keepdims=True)
    evaluations = EVALUATIONS[family, n]
    spread = np.sqrt((y * y).mean(axis=1))
    if family == "weibull":
        events, of_events = ended.sum(axis=1), (y * ended).sum(axis=1)
        a, b = np.full(n, -0.577), 1.283 / spread
        for _ in range(evaluations):
            w = np.exp(b[:, None] * y + a[:, None])
            wy = w * y
            s, sy, syy = w.sum(axis=1), wy.sum(axis=1), np.einsum("gi,gi->g", wy, y)
            a, b = step(a, b, events - s, events / b + of_events - sy, -s, -sy, -events / b**2 - syy)
        return a, b
    exact = y * ended
    events, of_events, squares = ended.sum(axis=1), exact.sum(axis=1), (exact * y).sum(axis=1)
    count = n_censored = (~ended).sum(axis=1)
    c, first = y[~ended], np.cumsum(count) - count
    a, b = np.zeros(n), 1 / spread
    for _ in range(evaluations):
        z = np.repeat(b, n_censored) * c + np.repeat(a, n_censored)
        log = log_ndtr(-z)
        h = np.exp(-z * z / 2 - 0.9189385 - log)
        k = h * (h - z)
        kc = k * c
        sums = [np.add.reduceat(x, first) for x in (log, h, h * c, k, kc, kc * c)]
        a, b = step(a, b, -a * events - b * of_events - sums[1],
                    events / b - a * of_events - b * squares - sums[2],
                    -events - sums[3], -of_events - sums[4], -events / b**2 - squares - sums[5])  # fmt: skip
    return a, b


def step(a, b, da, db, daa, dab, dbb):
    determinant = daa * dbb - dab**2
    return a - (dbb * da - dab * db) / determinant, b - (daa * db - dab * da) / determinant


def bootstrap_floor(hours, ended, family):
    u = np.random.default_rng(0).random((GROUPS, SIZE))
    if family == "weibull":
        drawn = np.exp(np.log(-np.log1p(-u)) * 1.25)
    else:
        from scipy.special import ndtri

        drawn = np.exp(ndtri(u) * 1.2)
    drawn.sort(axis=1)
    if family == "lognormal":  # complete: its fit has a closed form
        logs = np.log(drawn)
        z = (logs - logs.mean(axis=1, keepdims=True)) / logs.std(axis=1, keepdims=True)
        return log_ndtr(z), log_ndtr(-z)
    a, b = fit_floor(drawn, np.ones(drawn.shape, dtype=bool), family)
    w = np.exp(b[:, None] * np.log(drawn) + a[:, None])
    return np.log(-np.expm1(-w)), w


# --- peers -----------------------------------------------------------------------------------------------------------


def curve_by_lifelines(hours, ended, family):
    import lifelines

    return lifelines.KaplanMeierFitter().fit(hours.ravel(), ended.ravel()).confidence_interval_


def curve_by_scipy(hours, ended, family):
    data = stats.CensoredData.right_censored(hours.ravel(), ~ended.ravel())
    return stats.ecdf(data).sf.confidence_interval(method="log-log")


def curve_by_statsmodels(hours, ended, family):
    from statsmodels.duration.survfunc import SurvfuncRight

    return SurvfuncRight(hours.ravel(), ended.ravel())


def fit_by_scipy(hours, ended, family):
    return [
        LAWS[family].fit(stats.CensoredData.right_censored(h, ~e), floc=0) for h, e in zip(hours, ended, strict=True)
    ]


def fit_by_surpyval(hours, ended, family):
    import surpyval

    law = {"weibull": surpyval.Weibull, "lognormal": surpyval.LogNormal}[family]
    return [law.fit(h, c=(~e).astype(int)).params for h, e in zip(hours, ended, strict=True)]


def fit_by_lifelines(hours, ended, family):
    import lifelines

    law = {"weibull": lifelines.WeibullFitter, "lognormal": lifelines.LogNormalFitter}[family]
    return [law().fit(h, e).params_ for h, e in zip(hours, ended, strict=True)]


def bootstrap_by_scipy(hours, ended, family):
    return stats.goodness_of_fit(
        LAWS[family], hours[0], known_params={"loc": 0}, statistic="ad", n_mc_samples=PEER_BOOTSTRAPS
    )


CURVES = {"scipy": curve_by_scipy, "lifelines": curve_by_lifelines, "statsmodels": curve_by_statsmodels}
FITTERS = {"scipy": fit_by_scipy, "surpyval": fit_by_surpyval, "lifelines": fit_by_lifelines}
ONE_OR_MANY = ((f"{MANY:,}", (1, MANY), 1), (f"{GROUPS:,} of {SIZE}", (GROUPS, SIZE), GROUPS // PEER_GROUPS))
# name: ours, floor, peers, shape, family, how many times a peer's share of the work is all of it
TASKS = {
    f"Kaplan-Meier, {MANY:,}": (curve, curve_floor, CURVES, (1, MANY), "lognormal", 1),
    **{
        f"{family}, {what}": (fit, fit_floor, FITTERS, shape, family, share)
        for what, shape, share in ONE_OR_MANY
        for family in LAWS
    },
    **{
        f"{family}, {GROUPS:,} bootstraps of {SIZE}": (
            bootstrap, bootstrap_floor, {"scipy": bootstrap_by_scipy}, (1, SIZE), family, GROUPS / PEER_BOOTSTRAPS
        )
        for family in LAWS
    },
}  # fmt: skip
EVALUATIONS = {}


def evaluations(hours, ended, family) -> int:
    """How often the fit of a sample evaluates the likelihood, on average over its parts."""
    counted, evaluate = [], newton._evaluate
    newton._evaluate = lambda *given: counted.append(None) or evaluate(*given)
    try:
        found = fit(hours, ended, family)
    finally:
        newton._evaluate = evaluate
    return round(len(counted) / len(found.parts))


def compare(name: str, *, rounds: int) -> dict:
    """Middle seconds of each, and middle ratios of ours to the floor and of peers to ours."""
    ours, floor, peers, shape, family, share = TASKS[name]
    hours, ended = sample(*shape, family)
    if "bootstraps" in name:
        hours, ended = sample(*shape, family, censored=False)
        EVALUATIONS[family, GROUPS] = evaluations(*sample(GROUPS, SIZE, family), family)
    elif ours is fit:
        EVALUATIONS[family, shape[0]] = evaluations(hours, ended, family)
    rows = PEER_GROUPS if shape[0] > 1 else 1
    runs = {"ours": lambda: ours(hours, ended, family), "floor": lambda: floor(hours, ended, family)}
    few = (hours[:rows], ended[:rows], family)
    runs |= {peer: lambda run=run: run(*few) for peer, run in peers.items()}
    found = {peer: run() for peer, run in runs.items()}  # all modules loaded, all memory taken once
    seconds = take_turns(runs, rounds=rounds)
    seconds |= {peer: [s * share for s in seconds[peer]] for peer in peers}
    return {
        "task": name,
        "seconds": middle(seconds),
        "times_floor": ratio(seconds["ours"], seconds["floor"]),
        "times_ours": {peer: ratio(seconds[peer], seconds["ours"]) for peer in peers},
        "agree": agree(found, ours),
    }


def agree(found: dict, ours) -> bool:
    """Whether scipy finds the same: curves, or parameters as near as its search comes."""
    if ours is curve:
        mine, band = found["ours"], found["scipy"]
        inner = (mine.survival < 1) & (mine.survival > 0)
        return bool(np.allclose(mine.low[inner], band.low.evaluate(mine.hours)[inner], atol=1e-9))
    if ours is fit:
        fits, peer = found["ours"], np.array(found["scipy"])
        return bool(np.allclose(fits.location[: len(peer)], np.log(peer[:, 2]), atol=1e-3))
    return bool(abs(found["ours"]["statistic"][0] / found["scipy"].statistic - 1) < 1e-3)


def show(figures: dict) -> str:
    """One line of the table."""
    seconds = figures["seconds"]
    cells = [
        f"{figures['task']:<36}",
        f"{seconds['floor']:>9.5f}",
        f"{seconds['ours']:>9.5f} {figures['times_floor']:>5.2f}x",
    ]
    for peer in ("scipy", "surpyval", "lifelines", "statsmodels"):
        there = peer in figures["times_ours"]
        cells.append(f"{seconds[peer]:>9.4f} {figures['times_ours'][peer]:>6.0f}x" if there else " " * 16 + "-")
    return "  ".join(cells)


HEAD = "  ".join(
    [f"{'':<36}", "  floor s", "   ours s  /floor"]
    + [f"{peer + ' s':>11} /ours" for peer in ("scipy", "surpyval", "lifelines", "statsmodels")]
)


def main() -> int:
    """Print the table; 1 when a peer finds something else."""
    given = options(__doc__, rounds=7)
    warnings.simplefilter("ignore")
    lines = (compare(name, rounds=given.rounds) for name in TASKS)
    return print_table(lines, show, head=HEAD, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
