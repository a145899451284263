"""How long does a restore take for the size of the data, and when does growth carry it past the RTO?"""

import numpy as np
import pandas as pd

from continuity_analysis.models.restore_size import LARGEST_EXTRAPOLATION, exponent, fit_restore_size, predict_restore
from continuity_analysis.models.size_crossing import estimate_crossing
from continuity_analysis.models.size_growth import estimate_growth, project_size
from continuity_analysis.questions.promises import promises
from continuity_analysis.questions.restores import Asked, asked_restores, used_restores

ESTIMATES = (
    "asset", "services", "n", "n_censored", "n_failed", "n_excluded", "exponent", "exponent_low", "exponent_high",
    "smallest_bytes", "largest_bytes", "size_bytes", "size_at", "size_basis", "extrapolation", "median_hours", "low",
    "high", "prediction_low", "prediction_high", "p90_hours", "reason", "growth_per_year", "growth_low", "growth_high",
    "n_sizes", "history_days", "objective", "other_hours", "n_other", "allowed_hours", "chance", "limit_bytes",
    "exceeds_at", "exceeds_from_at", "exceeds_until_at", "p90_exceeds_at", "p90_exceeds_from_at",
    "p90_exceeds_until_at", "horizon_at", "exceeds_reason",
)  # fmt: skip
_DAY = pd.Timedelta(days=1)
_DAYS_OF_YEAR = 365.25
_CURVE = 41


def restore_time_by_size(logs, *, period=None, seed: int = 0) -> pd.DataFrame:
    """How long the restore of each asset takes at today's size, and when growth carries it past the RTO.

    Evidence of any age counts: it is the size that makes it old.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        As of `restores`.
    seed : int
        Of the draws that give the dates their intervals.

    Returns
    -------
    DataFrame
        One row per asset with backups or restores: services; n restores of known size that ended or are censored
        (n_censored), n_failed, n_excluded; exponent (0: size does not matter, 1: in proportion) with its interval;
        smallest_bytes and largest_bytes restored; size_bytes today, as the newest whole backup has it (size_at,
        size_basis); extrapolation (over the largest restored); median_hours at that size with low and high,
        prediction_low and prediction_high for the next restore, p90_hours [h]; reason (why these are null);
        growth_per_year (share) with its interval, n_sizes (days), history_days; objective (the tightest RTO of its
        services [h]), other_hours (median of what recoveries took besides restoring data [h], n_other of them),
        allowed_hours (what is left of the objective), chance that the next restore keeps to it; limit_bytes, the size
        at which the median does not any more; exceeds_at, when growth carries it there, with exceeds_from_at and
        exceeds_until_at, the same of P90, none later than horizon_at; exceeds_reason.
    """
    asked = asked_restores(logs, period)
    used = used_restores(asked)
    laws = fit_restore_size(used, groups=len(asked.assets))
    daily, growth = _growth(asked)
    today = daily.groupby("asset").last().reindex(asked.assets)
    limits = _limits(logs, asked)
    size, allowed = today["size_bytes"].to_numpy(float), limits["allowed_hours"].to_numpy(float)
    rng = np.random.default_rng(seed)
    crossing = estimate_crossing(laws, growth, size_bytes=size, within_hours=allowed, rng=rng)
    spread = exponent(laws).set_axis(["exponent", "exponent_low", "exponent_high"], axis=1)
    predicted = predict_restore(laws, size, within_hours=allowed)
    table = pd.concat(
        [limits, spread, predicted, growth.drop(columns="reason"), _dates(crossing, asked.moment)], axis=1
    )
    counts = {"n": laws.n, "n_censored": laws.n_censored, **_left_out(asked)}
    per_year = {c: np.expm1(_DAYS_OF_YEAR * growth[c]) for c in ("growth", "growth_low", "growth_high")}
    return table.assign(
        asset=asked.assets.astype("str"), smallest_bytes=laws.smallest, largest_bytes=laws.largest, **counts,
        size_bytes=size, size_at=today["at"].to_numpy(), size_basis=today["basis"].to_numpy(),
        growth_per_year=per_year["growth"], growth_low=per_year["growth_low"], growth_high=per_year["growth_high"],
        limit_bytes=crossing["limit_bytes"],
        reason=_why(laws, size, predicted), exceeds_reason=crossing["reason"],
    )[list(ESTIMATES)]  # fmt: skip


def restore_size_curve(logs, *, period=None) -> pd.DataFrame:
    """The law of restore time by size of each asset that has one, from half the smallest to twice the largest restored.

    Parameters
    ----------
    logs, period
        As of `restores`.

    Returns
    -------
    DataFrame
        asset, size_bytes, extrapolated (outside the sizes restored), median_hours with low and high, prediction_low,
        prediction_high, p90_hours [h].
    """
    asked = asked_restores(logs, period)
    laws = fit_restore_size(used_restores(asked), groups=len(asked.assets))
    some = np.flatnonzero(laws.reason == None)  # noqa: E711
    ends = np.log([laws.smallest[some] / LARGEST_EXTRAPOLATION, laws.largest[some] * LARGEST_EXTRAPOLATION])
    inner = 1e-9 * np.array([[1], [-1]])  # so that rounding leaves the ends within the limit
    sizes = np.exp(np.linspace(*(ends + inner), _CURVE, axis=1)).ravel()
    group = np.repeat(some, _CURVE)
    curve = predict_restore(laws, sizes, group=group).drop(columns=["extrapolation", "chance"])
    outside = (sizes < laws.smallest[group] * (1 - 1e-12)) | (sizes > laws.largest[group] * (1 + 1e-12))
    about = pd.DataFrame({"asset": asked.assets[group], "size_bytes": sizes, "extrapolated": outside})
    return about.astype({"asset": "str"}).join(curve)


def size_course(logs, *, period=None) -> pd.DataFrame:
    """Sizes of each asset's data so far, one a day, and where growth leads.

    Parameters
    ----------
    logs, period
        As of `restores`.

    Returns
    -------
    DataFrame
        asset, at, size_bytes, low, high (null for what was seen), projected; ahead as far as the history is long.
    """
    asked = asked_restores(logs, period)
    daily, growth = _growth(asked)
    some = np.flatnonzero(growth["growth"].notna())
    seen = daily[["asset", "at", "size_bytes"]].assign(low=np.nan, high=np.nan, projected=False)
    newest = daily.groupby("asset").last().reindex(asked.assets).iloc[np.repeat(some, _CURVE)].reset_index()
    rows = growth.iloc[np.repeat(some, _CURVE)].reset_index(drop=True)
    ahead = np.tile(np.linspace(0, 1, _CURVE), len(some)) * rows["history_days"]
    ahead_of = project_size(rows, newest["size_bytes"], days=ahead)
    at = newest["at"] + pd.to_timedelta(ahead, unit="D").astype("timedelta64[us]")
    later = ahead_of.assign(asset=newest["asset"].astype("str"), at=at, projected=True)
    whole = pd.concat([seen, later[seen.columns]], ignore_index=True) if len(later) else seen
    return whole.sort_values(["asset", "projected", "at"], kind="stable", ignore_index=True)


def _left_out(asked: Asked) -> dict[str, np.ndarray]:
    failed = asked.points["excluded"] == "failed"
    other = asked.points["excluded"].notna() & ~failed
    counts = {"n_failed": failed, "n_excluded": other}
    return {
        name: asked.points.loc[rows, "asset"].value_counts().reindex(asked.assets, fill_value=0).to_numpy()
        for name, rows in counts.items()
    }


def _growth(asked: Asked) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sizes of whole backups, the last of each day, and how they grow."""
    rows = asked.sizes[asked.sizes["whole"] & asked.sizes["size_bytes"].notna() & asked.sizes["asset"].notna()]
    rows = rows.assign(date=rows["at"].dt.floor("D")).sort_values(["asset", "at"], kind="stable")
    daily = rows.drop_duplicates(["asset", "date"], keep="last").reset_index(drop=True)
    day = (daily["at"] - asked.moment) / _DAY
    daily = daily.assign(group=asked.assets.get_indexer(daily["asset"]), day=day)
    return daily, estimate_growth(daily, groups=len(asked.assets))


def _limits(logs, asked: Asked) -> pd.DataFrame:
    """The tightest RTO of each asset's services, and what is left of it for the data."""
    pairs = asked.services
    promised = promises(logs.catalog, pairs["service"])["rto_within_hours"].to_numpy()
    pairs = pairs.assign(objective=promised)
    by_asset = pairs.groupby("asset")
    names = by_asset["service"].agg(", ".join).reindex(asked.assets)
    objective = by_asset["objective"].min().reindex(asked.assets).to_numpy()
    whole = asked.points[(asked.points["total_hours"] < np.inf) & asked.points["data_restored_at"].notna()]
    other = (whole["total_hours"] - whole["hours"]).groupby(whole["asset"])
    hours = other.median().reindex(asked.assets).to_numpy()
    allowed = np.maximum(objective - np.nan_to_num(hours), 1e-9)
    return pd.DataFrame(
        {
            "services": names.astype("str").to_numpy(),
            "objective": objective,
            "other_hours": hours,
            "n_other": other.size().reindex(asked.assets, fill_value=0).to_numpy(),
            "allowed_hours": allowed,
        }
    )


def _dates(crossing: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    names = {"median_days": "exceeds_at", "median_low": "exceeds_from_at", "median_high": "exceeds_until_at"}
    names |= {"p90_days": "p90_exceeds_at", "p90_low": "p90_exceeds_from_at", "p90_high": "p90_exceeds_until_at"}
    names |= {"horizon_days": "horizon_at"}
    days = {new: pd.to_timedelta(crossing[old], unit="D").astype("timedelta64[us]") for old, new in names.items()}
    return pd.DataFrame({name: moment + ahead for name, ahead in days.items()})


def _why(laws, size: np.ndarray, predicted: pd.DataFrame) -> pd.Series:
    far = "today's size is too far from those restored"
    holds = [laws.reason != None, np.isnan(size), predicted["median_hours"].isna()]  # noqa: E711
    texts = [laws.reason, np.full(len(size), "no backup tells today's size", dtype=object), np.full(len(size), far)]
    return pd.Series(np.select(holds, texts, None), dtype="str")
