"""Episodes in which the exposure was over its objective: from when to when, how bad, and why.

Causes, as they stood when the episode began: *expired* or *broken chain* (the newest point was lost), *failed* (a run
since the newest point failed), *slow* (one was still running), *late* (none had begun), *never* (there was none yet).
Where replicas count beside backups, *replicas behind*: nothing is known while no replica's lag is, so that some were
seen, and all of these too far behind.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_microseconds, to_moments

_FAILED = ("failed", "failed verification", "partial", "no time known")
COLUMNS = ["from_at", "until_at", "hours", "worst_hours", "asset", "cause"]


def measure_exposure_episodes(
    pieces: pd.DataFrame, usable: pd.DataFrame, *, by: str, within_hours: pd.Series
) -> pd.DataFrame:
    """Every stretch in which the age was above the target, without a break.

    Parameters
    ----------
    pieces : DataFrame
        Result of `measure_exposure`, `measure_service_exposure` or `measure_tier_exposure`.
    usable : DataFrame
        Result of `measure_usable_backups`.
    by : str
        "asset", "service" or "tier".
    within_hours : Series
        The target [h] by group; where it is NaN or absent only unprotected stretches count.

    Returns
    -------
    DataFrame
        `by`, from_at, until_at, hours, worst_hours (infinite where unprotected), asset (worst when it began), cause.
    """
    over = _over(pieces, pieces[by].map(within_hours).to_numpy(dtype=float))
    same = (over[by] == over[by].shift()) & (over["begin"] == over["end"].shift())
    grouped = over.groupby((~same).cumsum().to_numpy(), sort=True)
    first = grouped.first().reset_index(drop=True)
    end, worst = grouped["end"].max().to_numpy(), grouped["worst"].max().to_numpy()
    out = pd.DataFrame(
        {
            by: first[by],
            "from_at": to_moments(first["begin"].to_numpy()),
            "until_at": to_moments(end),
            "hours": (end - first["begin"].to_numpy()) / HOUR,
            "worst_hours": worst / HOUR,
            "asset": first["asset"],
        }
    )
    cause = _causes(first.assign(begin=out["from_at"]), usable)
    return out.assign(cause=pd.array(cause, dtype="str"))[list(dict.fromkeys([by, *COLUMNS]))]


def _over(pieces: pd.DataFrame, limit: np.ndarray) -> pd.DataFrame:
    """The part of each piece that is over, with the highest age in it [us]."""
    start, end, held = (to_microseconds(pieces[c]) for c in ("from_at", "until_at", "data_at"))
    bare = (pieces["state"] == "unprotected").to_numpy()
    protected = (pieces["state"] == "protected").to_numpy() & ~np.isnan(limit)
    allowed = np.where(protected, np.round(np.nan_to_num(limit) * HOUR), 0).astype(np.int64)
    begin = np.where(bare, start, np.where(protected, np.maximum(start, np.where(protected, held, 0) + allowed), end))
    worst = np.where(bare, np.inf, (end - np.where(protected, held, end)).astype(float))
    data = pd.Series(to_moments(np.where(bare, UNKNOWN, held)), index=pieces.index)
    over = pieces.assign(begin=begin, end=end, worst=worst, data=data, jump=begin == start, bare=bare)
    return over[begin < end].reset_index(drop=True)


def _causes(first: pd.DataFrame, usable: pd.DataFrame) -> np.ndarray:
    """Why each episode began."""
    runs = usable.dropna(subset="begun_at")
    lost = _lost(first, usable)
    failed = _begun_since(first, runs[runs["reason"].isin(_FAILED)])
    broken = _begun_since(first, runs[runs["reason"] == "broken chain"])
    under_way = runs[runs["usable"] | (runs["reason"] == "running")].assign(
        ready=lambda r: r["usable_from_at"].where(r["usable"])
    )
    slow = _begun_since(first, under_way, unfinished=True)
    had_one = _had_one(first, usable)
    replicas = first["asset"].isin(set(usable.loc[usable["method"] == "replica", "asset"])).to_numpy()
    holds = [replicas, lost != "", failed, broken, slow, ~had_one, first["bare"].to_numpy()]
    return np.select(holds, ["replicas behind", lost, "failed", "broken chain", "slow", "never", "expired"], "late")


def _lost(first: pd.DataFrame, usable: pd.DataFrame) -> np.ndarray:
    """How the newest point was lost at the very moment an episode began; empty where none was."""
    ended = usable[usable["usable"]].dropna(subset="usable_until_at").sort_values("data_at", kind="stable")
    ended = ended[["asset", "usable_until_at", "ended_by"]].drop_duplicates(["asset", "usable_until_at"], keep="last")
    ended = ended.rename(columns={"usable_until_at": "begin"})
    how = first[["asset", "begin"]].merge(ended, how="left", on=["asset", "begin"])["ended_by"]
    return np.where(first["jump"] & how.notna(), how.fillna(""), "").astype(object)


def _begun_since(first: pd.DataFrame, runs: pd.DataFrame, *, unfinished: bool = False) -> np.ndarray:
    """Whether the last of these runs before each episode was begun after the newest point, or was not finished."""
    asked = first[["asset", "begin", "data"]].reset_index(names="episode").sort_values("begin")
    known = runs.assign(ready=runs.get("ready", runs["usable_from_at"]))[["asset", "begun_at", "ready"]]
    last = pd.merge_asof(asked, known.sort_values("begun_at"), left_on="begin", right_on="begun_at", by="asset")
    last = last.sort_values("episode")
    since = last["begun_at"].notna() & (last["data"].isna() | (last["begun_at"] > last["data"]))
    still = ~(last["ready"] <= last["begin"])
    return (since & still if unfinished else since).to_numpy()


def _had_one(first: pd.DataFrame, usable: pd.DataFrame) -> np.ndarray:
    """Whether the asset had a usable backup at any time before the episode."""
    earliest = usable[usable["usable"]].groupby("asset")["usable_from_at"].min()
    return (pd.Series(earliest.reindex(first["asset"]).array) < first["begin"]).to_numpy()
