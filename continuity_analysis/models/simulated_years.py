"""What simulated years say: means, quantiles, chances to keep objectives, and how scenarios differ from today.

A difference is taken year by year: the same failures, met by another platform. The Monte Carlo error of a mean counts
years of the same draw of parameters together, as they are alike.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from continuity_analysis.models.availability import CONFIDENCE
from continuity_analysis.models.simulation import SimulatedYears

ALL = "all services"
FEWEST_YEARS = 100  # with a recovery, to speak of the chance that it is good enough
_TAIL = (1 - CONFIDENCE) / 2
_SHARES = np.unique(np.append(np.linspace(0, 0.95, 96), 1 - np.geomspace(0.05, 0.001, 60)))


def summarise_years(
    simulated: Mapping[str, SimulatedYears], *, promised: pd.DataFrame, firm: np.ndarray
) -> pd.DataFrame:
    """One row per scenario and service, and one of all services together for each scenario.

    Parameters
    ----------
    simulated : mapping of str to SimulatedYears
        The first one is today.
    promised : DataFrame
        One row per service: availability (0 to 1), rpo_within_hours, rto_within_hours [h]; NaN: not set.
    firm : ndarray of bool, shape (services,)
        Whether there were failures enough to speak of mean down times.

    Returns
    -------
    DataFrame
        scenario, service; failures (mean per year); availability (mean) with down_hours, down_error (its Monte Carlo
        standard error), down_p50, down_p95; whole_p50, whole_p95 and whole_availability (with everything it needs);
        lost_hours, lost_error, lost_p95; chance_recovery (a backup has to be restored in a year), chance_all_lost (and
        there is none); worst_recovery_p95; the chance_availability to keep the promise in a year and, where a
        backup has to be restored in it, chance_rpo and chance_rto, each with …_error; and against today, year by year:
        down_change with down_change_error, and down_change_low, down_change_high (95 % of years);
        lost_change with lost_change_error, …_low, …_high. Per year; hours in [h]. Means of down time are null where
        not firm, those of lost data where all of it may be lost.
    """
    first = _with_total(next(iter(simulated.values())))
    goals = promised.reindex(columns=["availability", "rpo_within_hours", "rto_within_hours"]).to_numpy(float)
    goals = np.append(goals, np.full((1, 3), np.nan), axis=0)
    sure = np.append(firm, firm[~np.isnan(first.down[:-1]).all(axis=1)].all())
    frames = []
    for name, years in simulated.items():
        whole = _with_total(years)
        frame = pd.concat([_one(whole, goals), _against(whole, first)], axis=1)
        frame.insert(0, "service", pd.Series([*years.services, ALL], dtype="str"))
        frame.insert(0, "scenario", pd.Series([name] * len(frame), dtype="str"))
        means = ["availability", "down_hours", "down_error", "whole_availability", "down_change", "down_change_error"]
        frame[means] = frame[means].where(sure[:, None] & np.ones(len(means), dtype=bool))
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def exceedance(simulated: Mapping[str, SimulatedYears]) -> pd.DataFrame:
    """For how large a share of years each scenario costs more than so much.

    Returns
    -------
    DataFrame
        scenario, service, quantity (down, whole, lost or worst_recovery), hours [h], share_longer.
    """
    frames = []
    for name, years in simulated.items():
        whole = _with_total(years)
        for quantity in ("down", "whole", "lost", "worst_recovery"):
            values = _quantile(getattr(whole, quantity), _SHARES)
            grid = {"hours": values.ravel(), "share_longer": np.repeat(1 - _SHARES, values.shape[1])}
            labels = np.tile(np.array([*years.services, ALL], dtype=object), len(_SHARES))
            frames.append(pd.DataFrame({"scenario": name, "service": labels, "quantity": quantity, **grid}))
    rows = pd.concat(frames, ignore_index=True).dropna(subset="hours")
    return rows.astype(dict.fromkeys(("scenario", "service", "quantity"), "str")).reset_index(drop=True)


def monte_carlo_error(values: np.ndarray, draws: int) -> np.ndarray:
    """Standard error of the mean of each row; column i belongs to draw i modulo `draws`, and draws are independent."""
    years = values.shape[1]
    off = values - values.mean(axis=1, keepdims=True)
    sums = np.zeros((len(values), min(draws, years)))
    for first in range(0, years, draws):
        part = off[:, first : first + draws]
        sums[:, : part.shape[1]] += part
    n = sums.shape[1]
    return np.sqrt((sums**2).sum(axis=1) * n / max(n - 1, 1)) / years


def _with_total(years: SimulatedYears) -> SimulatedYears:
    """The years with one more row: all services of which something is known, together."""
    fields = {}
    for name in ("down", "whole", "failures", "recoveries", "lost", "worst_lost", "worst_recovery"):
        values = getattr(years, name)
        known = values[~np.isnan(values).any(axis=1)]
        add = (known.max(axis=0) if name.startswith("worst") else known.sum(axis=0)) if len(known) else np.nan
        fields[name] = np.append(values, np.broadcast_to(add, (1, values.shape[1])), axis=0)
    return SimulatedYears(years.services, years.draws, years.hours, **fields)


def _one(years: SimulatedYears, goals: np.ndarray) -> pd.DataFrame:
    down, lost, draws = years.down, years.lost, years.draws
    finite = np.isfinite(lost).all(axis=1)
    fields = {"failures": years.failures.mean(axis=1), "availability": 1 - down.mean(axis=1) / years.hours}
    fields |= {"down_hours": down.mean(axis=1), "down_error": monte_carlo_error(down, draws)}
    fields |= dict(zip(("down_p50", "down_p95"), _quantile(down, [0.5, 0.95]), strict=True))
    fields |= {"whole_availability": 1 - years.whole.mean(axis=1) / years.hours}
    fields |= dict(zip(("whole_p50", "whole_p95"), _quantile(years.whole, [0.5, 0.95]), strict=True))
    bounded = np.where(finite[:, None], lost, np.nan)
    fields |= {"lost_hours": bounded.mean(axis=1), "lost_error": monte_carlo_error(bounded, draws)}
    fields |= {
        "lost_p95": _quantile(lost, [0.95])[0],
        "chance_recovery": _chance(years.recoveries > 0, years.recoveries),
    }
    fields |= {"worst_recovery_p95": _quantile(years.worst_recovery, [0.95])[0]}
    fields |= {"chance_all_lost": np.where(np.isnan(lost).any(axis=1), np.nan, np.isinf(lost).mean(axis=1))}
    met = down <= (1 - goals[:, :1]) * years.hours + 1e-9
    fields["chance_availability"] = np.where(np.isnan(goals[:, 0]), np.nan, _chance(met, down))
    fields["chance_availability_error"] = np.where(np.isnan(goals[:, 0]), np.nan, monte_carlo_error(met * 1.0, draws))
    for place, name in ((1, "rpo"), (2, "rto")):
        worst = years.worst_lost if name == "rpo" else years.worst_recovery
        chance, error = _if_needed(worst <= goals[:, place, None], years.recoveries > 0)
        unknown = np.isnan(goals[:, place]) | np.isnan(worst).any(axis=1)
        fields[f"chance_{name}"], fields[f"chance_{name}_error"] = (
            np.where(unknown, np.nan, x) for x in (chance, error)
        )
    return pd.DataFrame(fields)


def _against(years: SimulatedYears, today: SimulatedYears) -> pd.DataFrame:
    fields = {}
    for name in ("down", "lost"):
        values, before = getattr(years, name), getattr(today, name)
        finite = np.isfinite(values).all(axis=1) & np.isfinite(before).all(axis=1)
        change = np.where(finite[:, None], values, np.nan) - np.where(finite[:, None], before, np.nan)
        fields |= {
            f"{name}_change": change.mean(axis=1),
            f"{name}_change_error": monte_carlo_error(change, years.draws),
        }
        ends = _quantile(change, [_TAIL, 1 - _TAIL])
        fields |= {f"{name}_change_low": ends[0], f"{name}_change_high": ends[1]}
    return pd.DataFrame(fields)


def _if_needed(met: np.ndarray, needed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of those years with a recovery in which all of them were good enough, and its error; null below 100."""
    n = needed.sum(axis=1)
    chance = (met & needed).sum(axis=1) / np.where(n >= FEWEST_YEARS, n, np.nan)
    return chance, np.sqrt(chance * (1 - chance) / np.maximum(n, 1))


def _chance(met: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(known).any(axis=1), np.nan, met.mean(axis=1))


def _quantile(values: np.ndarray, shares) -> np.ndarray:
    """Quantiles of each row, shape (shares, rows); those observed, so that infinite ones are no trouble."""
    return np.quantile(values, shares, axis=1, method="inverted_cdf")
