"""The coming period's recovery-point exposure: its P95 and worst, and the chance that it meets the objective.

A service has, at each moment, the exposure of the worst of its assets, which are taken as independent of each other.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from continuity_analysis.measurements.intervals import Intervals
from continuity_analysis.measurements.overlaps import highest
from continuity_analysis.models.backup_cycles import DRAWS, CycleLaw
from continuity_analysis.models.exposure_law import HOUR, ExposureLaw
from continuity_analysis.models.simulated_cycles import EVERY, cycles_in, simulate_cycles

_AT_ONCE = 2_000_000  # simulated backups per step, so that memory stays small
_ROUNDING = 1e-9
NAMES = ("mean", "p95", "worst", "promised")


def forecast_exposure(
    law: CycleLaw, group: np.ndarray, *, hours: float, objectives: pd.DataFrame, of: tuple[str, ...] = NAMES
) -> pd.DataFrame:
    """The law of the coming period's exposure of each group of assets; groups of the same assets are drawn once.

    Parameters
    ----------
    law : CycleLaw
        One row per asset and group: an asset that several need repeats.
    group : ndarray of int64
        Number of the group of each row, from 0, in order.
    hours : float
        Length of the period [h].
    objectives : DataFrame
        One row per group: within_hours, the target [h], and share, the share of time for which it is promised; NaN:
        not set, and then the share is taken as 1.
    of : tuple of str
        What is wanted: "mean", "p95", "worst" and "promised", the age kept to for the share of time promised.

    Returns
    -------
    DataFrame
        One row per group: coming_mean_hours and so on (medians of the draws), each with _low and _high (95 %
        prediction interval) [h]; chance to meet the objective, and chance_error, its Monte Carlo standard error.
    """
    asked, question = _questions(law, group, objectives)
    drawn = {name: np.full((len(asked), DRAWS), np.nan) for name in (*of, "over")}
    first = np.isin(group, asked["group"].drop_duplicates())
    for mine, draws, exposure in _simulated(law.rows(first), group[first], hours):
        own = asked[asked["group"].isin(mine)]
        for _, turn in own.groupby(own.groupby("group").cumcount()):
            put = turn.set_index("group").reindex(mine)
            some = put.index.get_indexer(turn["group"])
            for name, values in _summary(exposure, put, of).items():
                drawn[name][turn.index, draws] = values.reshape(len(mine), -1)[some]
    chance = chance_within(drawn["over"], hours, share=asked["share"].to_numpy())
    found = {"chance": chance, "chance_error": np.sqrt(chance * (1 - chance) / DRAWS)}
    for name in of:
        low, middle, high = np.quantile(drawn[name], [0.025, 0.5, 0.975], axis=1)
        found |= {f"coming_{name}_hours": middle, f"coming_{name}_low": low, f"coming_{name}_high": high}
    return pd.DataFrame(found).iloc[question].reset_index(drop=True)


def _questions(law: CycleLaw, group: np.ndarray, objectives: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """What is asked of which group, each once: the first of those with the same assets; and the question of each."""
    assets = pd.Series(law.assets).groupby(group).agg(lambda names: tuple(sorted(names)))
    stated = objectives[["within_hours", "share"]].astype(float).reset_index(drop=True)
    alike = assets.reset_index(drop=True).map({a: i for i, a in reversed(list(enumerate(assets)))})
    rows = stated.assign(group=alike, share=stated["share"].fillna(1.0))
    number = rows.groupby(list(rows.columns), dropna=False, sort=False).ngroup().to_numpy()
    return rows.drop_duplicates(ignore_index=True), number


def simulated_law(law: CycleLaw, group: np.ndarray, *, hours: float, draws: slice = EVERY) -> ExposureLaw:
    """The exposure in each draw of the coming period; number `group` times how many draws there are, plus the draw.

    Parameters
    ----------
    law, group, hours
        As of `forecast_exposure`, groups numbered without gaps.
    draws : slice
        Which of the DRAWS.
    """
    usable, held = simulate_cycles(law, hours, draws=draws)
    n, end = usable.shape[1], round(hours * HOUR)
    start = np.clip(np.rint(usable * HOUR).astype(np.int64), 0, end)
    until = np.concatenate([start[..., 1:], np.full((*start.shape[:2], 1), end)], axis=-1)
    code = np.broadcast_to((group[:, None] * n + np.arange(n))[..., None], start.shape)
    lasting = until > start
    pieces = Intervals(code[lasting], start[lasting], until[lasting])
    data = np.rint(held[lasting] * HOUR).astype(np.int64)
    several = np.bincount(group)[pieces.group // n] > 1
    if several.any():
        worst, oldest = highest(pieces[several], end + 1.0 - data[several])
        alone = pieces[~several]
        pieces = Intervals(*(np.append(getattr(alone, f), getattr(worst, f)) for f in ("group", "start", "end")))
        data = np.append(data[~several], (end + 1 - oldest).astype(np.int64))
    age, known = pieces.start - data, np.ones(len(data), dtype=bool)
    names = pd.RangeIndex((group.max(initial=-1) + 1) * n)
    length = pieces.end - pieces.start
    return ExposureLaw(names, pieces.group, length, np.maximum(age, 0), np.maximum(age + length, 0), known, ~known)


def hours_over(law: CycleLaw, group: np.ndarray, *, hours: float, within_hours: np.ndarray) -> np.ndarray:
    """Hours of the coming period over the target, shape (groups, DRAWS).

    Parameters
    ----------
    law, group, hours, within_hours
        As of `forecast_exposure`.
    """
    over = np.full((len(within_hours), DRAWS), np.nan)
    for mine, draws, exposure in _simulated(law, group, hours):
        limit = np.repeat(within_hours[mine], len(exposure.groups) // len(mine))
        over[mine, draws] = exposure.over(limit).reshape(len(mine), -1) / HOUR
    return over


def chance_within(over: np.ndarray, hours: float, *, share: np.ndarray) -> np.ndarray:
    """Share of the draws, shape (groups, DRAWS), in which no more of the period was over the target than promised."""
    met = over <= (1 - share[:, None]) * hours * (1 + _ROUNDING) + _ROUNDING
    return np.where(np.isnan(over).any(axis=1) | np.isnan(share), np.nan, met.mean(axis=1))


def _summary(exposure: ExposureLaw, objectives: pd.DataFrame, of: tuple[str, ...]) -> dict[str, np.ndarray]:
    """What is wanted of each draw, and the time spent over the target [h]."""
    n = len(exposure.groups) // len(objectives)
    limit, share = (np.repeat(objectives[name].to_numpy(float), n) for name in ("within_hours", "share"))
    asks = {
        "mean": lambda: _mean(exposure),
        "p95": lambda: exposure.quantile(0.95),
        "worst": lambda: _worst(exposure),
        "promised": lambda: _worst(exposure) if (share == 1).all() else exposure.quantile(share),
    }
    return {name: asks[name]() for name in of} | {"over": exposure.over(limit) / HOUR}


def _mean(exposure: ExposureLaw) -> np.ndarray:
    middle = (exposure.youngest + exposure.oldest) / 2
    return exposure.total(exposure.protected, middle) / exposure.total(exposure.protected) / HOUR


def _worst(exposure: ExposureLaw) -> np.ndarray:
    worst = np.zeros(len(exposure.groups))
    np.maximum.at(worst, exposure.code, exposure.oldest / HOUR)
    return worst


def _simulated(law: CycleLaw, group: np.ndarray, hours: float) -> Iterator[tuple[np.ndarray, slice, ExposureLaw]]:
    """Groups and draws that are simulated together, as many as memory bears, and their exposure."""
    for rows in _parts(law, group, hours):
        mine, code = np.unique(group[rows], return_inverse=True)
        part = law.rows(rows)
        n = min(max(1, round((cycles_in(part, hours) + 3.0).sum() * DRAWS / _AT_ONCE)), DRAWS)
        ends = np.linspace(0, DRAWS, n + 1).astype(int)
        for draws in map(slice, ends[:-1], ends[1:]):
            yield mine, draws, simulated_law(part, code, hours=hours, draws=draws)


def _parts(law: CycleLaw, group: np.ndarray, hours: float) -> list[np.ndarray]:
    """Rows to simulate together: whole groups, as many as memory bears, those with about as many backups at once."""
    most = np.zeros(int(group.max(initial=-1)) + 1)
    np.maximum.at(most, group, cycles_in(law, hours) + 3.0)
    order = np.lexsort((group, most[group]))
    weight = np.cumsum(most[group[order]] * DRAWS)
    new = (np.diff(weight // _AT_ONCE) > 0) & (np.diff(group[order]) != 0)
    return [part for part in np.split(order, np.flatnonzero(new) + 1) if len(part)]
