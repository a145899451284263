"""Backup cycles as the questions on expected exposure need them: by service or by asset, and why some tell nothing."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_cycles import measure_backup_cycles
from continuity_analysis.measurements.exposure import measure_exposure
from continuity_analysis.models.backup_cycles import CycleLaw, law_of_cycles
from continuity_analysis.models.expected_exposure import why_not
from continuity_analysis.models.recovery_point import estimate_recovery_point
from continuity_analysis.periods import read_period
from continuity_analysis.questions.exposed import Exposed, observe_exposure
from continuity_analysis.questions.judged_exposure import against_primary
from continuity_analysis.words import show

EXPECTED = ["expected_hours", "expected_low", "expected_high"]
BY_REPLICAS = "judged against loss of primary: the lag of replicas does not follow from backup cycles"
_ENDS = ("_hours", "_low", "_high")
COMING = tuple(f"coming_{name}{end}" for name in ("mean", "p95", "worst", "promised") for end in _ENDS)


@dataclass(frozen=True, eq=False)
class Foreseen:
    """What can be foreseen from backup cycles.

    Attributes
    ----------
    exposed : Exposed
        Exposure in the period asked about.
    table : DataFrame
        One row per service or asset: what is known of it without a model, and why no more is.
    known : ndarray of int64
        Rows of `table` that can be foreseen.
    law : CycleLaw
        Cycles of the assets of these, an asset that several need as often.
    group : ndarray of int64
        For each row of `law`, which of `known` it belongs to, in order.
    """

    exposed: Exposed
    table: pd.DataFrame
    known: np.ndarray
    law: CycleLaw
    group: np.ndarray

    @property
    def objectives(self) -> pd.DataFrame:
        """What is promised of each of `known`: within_hours and share."""
        stated = self.table.loc[self.known, ["objective", "share_promised"]]
        return stated.set_axis(["within_hours", "share"], axis=1)


def foresee(logs, period, *, by: str, history) -> Foreseen:
    """Cycles and what stands beside them, of every service, asset or tier.

    Raises
    ------
    InputError
        If `by` is neither "service", "asset" nor "tier".
    """
    exposed = observe_exposure(logs, period, by)
    coverage = _within(exposed.coverage, history, logs)
    cycles = measure_backup_cycles(exposed.usable, coverage, timezone=logs.timezone)
    law = law_of_cycles(cycles)
    members = _members(exposed, _reasons(exposed, coverage, law), by=by)
    table = _table(exposed, members, cycles, by=by)
    known = np.flatnonzero(table["reason"].isna())
    place = pd.Series(np.arange(len(known)), index=table[by].to_numpy()[known])
    rows = members[members["on"].isin(place.index)].assign(group=lambda m: m["on"].map(place)).sort_values("group")
    law = law.rows(law.assets.get_indexer(rows["asset"]))
    return Foreseen(exposed, table, known, law, rows["group"].to_numpy(np.int64))


def _within(coverage: pd.DataFrame, history, logs) -> pd.DataFrame:
    """Coverage cut to the history asked for; all of it where none is."""
    if history is None:
        return coverage
    past = read_period(history, timezone=logs.timezone, as_of=logs.as_of)
    ends = {
        "from_at": coverage["from_at"].clip(lower=past.start),
        "until_at": coverage["until_at"].clip(upper=past.end),
    }
    cut = coverage.assign(**ends)
    return cut[cut["from_at"] < cut["until_at"]]


def _members(exposed: Exposed, reasons: pd.Series, *, by: str) -> pd.DataFrame:
    """Assets of every service or tier (or itself), and why each cannot be foreseen: asset, on, reason."""
    members = exposed.assets_of(by).assign(on=lambda m: m[by])[["asset", "on"]]
    members = members[members["on"].isin(exposed.groups)]
    why = members["asset"].map(reasons).astype("object").fillna("no backup of it was ever seen")
    return members.assign(reason=why)


def _reasons(exposed: Exposed, coverage: pd.DataFrame, law: CycleLaw) -> pd.Series:
    """By asset, why its exposure cannot be foreseen; empty where it can."""
    usable, assets = exposed.usable, sorted(set(exposed.usable["asset"].dropna()))
    reasons = pd.Series("", index=pd.Index(assets, dtype="str"), dtype="object")
    own = pd.Series(why_not(law), index=law.assets, dtype="object").reindex(reasons.index)
    reasons = own.fillna("no stretch of time in which no run can have been overlooked: keep listings regularly")
    bare = _unprotected_hours(usable, coverage).reindex(reasons.index).fillna(0.0)
    said = [f"for {show(h, 'hours')} no backup was left to restore from, which cycles do not foresee" for h in bare]
    reasons = reasons.mask((bare > 0).to_numpy(), pd.Series(said, index=reasons.index, dtype="object"))
    newest = usable[usable["usable"]].groupby(["asset", usable["method"] == "log"])["data_at"].max().unstack()
    if True in newest.columns:
        logged = newest[True] >= newest.get(False, newest[True])
        said = "logs carry its recovery point on between backups, so that it does not follow from their cycles"
        reasons = reasons.mask(logged.reindex(reasons.index, fill_value=False).to_numpy(), said)
    return reasons


def _unprotected_hours(usable: pd.DataFrame, coverage: pd.DataFrame) -> pd.Series:
    """By asset, for how long it had no backup any more since it first had one [h]."""
    if coverage.empty:
        return pd.Series(dtype=float)
    pieces = measure_exposure(usable, coverage, start=coverage["from_at"].min(), end=coverage["until_at"].max())
    first = pieces[pieces["state"] == "protected"].groupby("asset")["from_at"].min()
    since = pd.Series(first.reindex(pieces["asset"]).array, index=pieces.index)
    bare = pieces[(pieces["state"] == "unprotected") & (pieces["from_at"] > since)]
    return ((bare["until_at"] - bare["from_at"]) / pd.Timedelta(hours=1)).groupby(bare["asset"]).sum()


def _table(exposed: Exposed, members: pd.DataFrame, cycles: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """What is known of every group without a model, and why no more is."""
    names, promised = exposed.groups, exposed.promised
    within = promised["rpo_within_hours"]
    achieved = estimate_recovery_point(exposed.pieces, by=by, within_hours=within).set_index(by)["mean_hours"]
    counts = _counts(cycles, members)
    worst = members[members["reason"] != ""].sort_values(["on", "asset"]).drop_duplicates("on").set_index("on")
    why = worst["reason"].where(worst["asset"] == worst.index, worst["asset"] + ": " + worst["reason"])
    without = pd.Series("no asset with backups is known", index=names.difference(members["on"]), dtype="object")
    reason = pd.concat([why.astype("object"), without]).reindex(names).fillna("")
    reason = reason.mask(against_primary(exposed), BY_REPLICAS)
    table = pd.DataFrame(np.nan, index=range(len(names)), columns=[*EXPECTED, *COMING, "chance", "chance_error"])
    return table.assign(
        **{by: names, "achieved_hours": achieved.reindex(names).to_numpy()},
        objective=within.to_numpy(dtype=float),
        share_promised=promised["rpo_share"].to_numpy(dtype=float),
        required_chance=promised["required_chance"].to_numpy(dtype=float),
        **{name: counts[name].reindex(names).to_numpy() for name in counts},
        reason=reason.where(reason != "").to_numpy(dtype=object),
    )


def _counts(cycles: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """By group: assets, cycles, due and missed runs, whether these cluster, how sure run times are, since when."""
    law = law_of_cycles(cycles)
    whole = pd.DataFrame({"n_cycles": law.n, "n_due": law.due, "n_missed": law.misses}, index=law.assets)
    whole = whole.assign(clustered=law.clustered, history_from=cycles.groupby("asset")["begun_at"].min())
    rank = cycles["direction"].map({"exact": 0, "lower bound": 1, "unknown": 2}).groupby(cycles["asset"]).max()
    rows = members[["asset", "on"]].join(whole.assign(rank=rank), on="asset")
    by_group = rows.groupby("on")
    out = by_group[["n_cycles", "n_due", "n_missed"]].sum().astype("int64")
    out.insert(0, "n_assets", by_group.size())
    out["clustered"] = rows["clustered"].eq(True).groupby(rows["on"]).any()
    words = {0: "exact", 1: "lower bound", 2: "unknown"}
    out["direction"] = by_group["rank"].max().map(words).fillna("unknown")
    return out.assign(history_from=by_group["history_from"].min())
