"""How often, how long and at what cost platforms healed themselves; how fast services reconnected."""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles

ALL_SERVICES = "all services"


def estimate_healing(healings: pd.DataFrame, down: pd.DataFrame, *, watched_hours: np.ndarray) -> pd.DataFrame:
    """Failovers and self-healings per service and kind.

    Parameters
    ----------
    healings : DataFrame
        Result of `measure_healings`.
    down : DataFrame
        Result of `measure_union_down`.
    watched_hours : array of float, shape (services,)
        Known time of each service [h].

    Returns
    -------
    DataFrame
        service, kind, n, n_censored (failed, or not back when last seen), median_hours with low and high
        (Kaplan-Meier), max_hours (the longest that is over), down_hours (down time of the service in them, each moment
        once; null where the service was never known), known_hours (of the service). One row per service and kind.
    """
    found = _durations(healings, ["service", "code", "kind"], "took_hours")
    found = found.merge(down, on=["code", "kind"], how="left")
    known = np.append(np.asarray(watched_hours, dtype=float), 0.0)[found["code"].to_numpy(np.int64)]
    found = found.assign(known_hours=known, down_hours=found["down_hours"].where(known > 0))
    columns = ["service", "kind", "n", "n_censored", "median_hours", "low", "high", "max_hours", "down_hours"]
    return found[[*columns, "known_hours"]]


def estimate_reconnection(reconnections: pd.DataFrame) -> pd.DataFrame:
    """How long services stayed down after something they need was back.

    Parameters
    ----------
    reconnections : DataFrame
        Result of `measure_reconnections`.

    Returns
    -------
    DataFrame
        service, depends_on, n (outages that overlapped one of what is needed), n_before (the service was back first;
        left out of the durations), n_censored (still down when last seen), median_hours with low and high, max_hours
        (of those that lasted on, Kaplan-Meier). One row per service and dependency, then one of all together.
    """
    keys = ["service", "depends_on"]
    whole = reconnections.assign(service=ALL_SERVICES, depends_on="all they need")
    found = [_reconnected(rows, keys) for rows in (reconnections, whole)]
    return pd.concat(found, ignore_index=True)


def _reconnected(reconnections: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    counts = reconnections.groupby(keys)["before"].agg(n="size", n_before="sum").astype("int64").reset_index()
    after = _durations(reconnections[~reconnections["before"].astype(bool)], keys, "hours").drop(columns="n")
    found = counts.merge(after, on=keys, how="left")
    found["n_censored"] = found["n_censored"].fillna(0).astype("int64")
    return found[[*keys, "n", "n_before", "n_censored", "median_hours", "low", "high", "max_hours"]]


def _durations(rows: pd.DataFrame, keys: list[str], hours: str) -> pd.DataFrame:
    """n, n_censored, the Kaplan-Meier median and the longest of each group."""
    groups = rows[keys].drop_duplicates().sort_values(keys, ignore_index=True)
    number = pd.MultiIndex.from_frame(groups).get_indexer(pd.MultiIndex.from_frame(rows[keys])) if len(rows) else []
    lasted, censored = rows[hours].to_numpy(float), rows["censored"].to_numpy(bool)
    curves = kaplan_meier(lasted, ~censored, group=number, groups=len(groups))
    median = quantiles(curves, 0.5).rename(columns={"estimate": "median_hours"})
    longest = pd.Series(lasted[~censored]).groupby(np.asarray(number, dtype=np.int64)[~censored]).max()
    return groups.assign(
        n=curves.n,
        n_censored=curves.n - curves.n_events,
        **{c: median[c].to_numpy() for c in ("median_hours", "low", "high")},
        max_hours=longest.reindex(range(len(groups))).to_numpy(dtype=float),
    )
