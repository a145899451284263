"""How much data would we lose? What the backup cycles so far let one expect, and how often backups must run."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_cycles import measure_backup_cycles
from continuity_analysis.measurements.exposure import measure_exposure
from continuity_analysis.models.backup_cycles import CycleLaw, law_of_cycles
from continuity_analysis.models.expected_exposure import estimate_expected_exposure, why_not
from continuity_analysis.models.exposure_forecast import forecast_exposure
from continuity_analysis.models.recovery_point import estimate_recovery_point
from continuity_analysis.models.schedule_needed import EVERY_HOURS, estimate_schedules
from continuity_analysis.periods import read_period
from continuity_analysis.questions.exposed import Exposed, observe_exposure
from continuity_analysis.words import show

SEVERAL = "of several assets: only the coming period is simulated"
_ENDS = ("_hours", "_low", "_high")
COMING = tuple(f"coming_{name}{end}" for name in ("mean", "p95", "worst") for end in _ENDS)
COLUMNS = (
    "achieved_hours", "expected_hours", "expected_low", "expected_high", *COMING, "objective", "share_promised",
    "chance", "chance_error", "required_chance", "n_assets", "n_cycles", "n_due", "n_missed", "clustered", "direction",
    "history_from", "reason",
)  # fmt: skip
SCHEDULE_COLUMNS = (
    "every_hours", "expected_hours", "expected_low", "expected_high", "chance", "chance_error", "objective",
    "share_promised", "required_chance", "now_hours", "longest", "reason",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Foreseen:
    """Which groups can be foreseen, from which cycles; `group` numbers `groups` without a reason, from 0."""

    exposed: Exposed
    cycles: pd.DataFrame
    law: CycleLaw
    group: np.ndarray
    table: pd.DataFrame
    known: np.ndarray


def expected_recovery_point(logs, period, *, by: str = "service", history=None) -> pd.DataFrame:
    """Expected recovery-point exposure of every service (or asset), and a forecast of the coming period.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        The period whose achieved exposure stands beside; the coming one is as long, and begins where the backups of
        each asset were last watched.
    by : {"service", "asset"}
        A service has, at each moment, the exposure of the worst of its assets, taken as independent of each other.
    history : str, Period or pair of moments, optional
        The time whose backup cycles count; by default all in which it is proven that no run was overlooked.

    Returns
    -------
    DataFrame
        `by`, least chance first: achieved_hours (mean over the period); expected_hours with its 95 % interval (mean in
        the long run, of services with one asset); coming_mean, coming_p95 and coming_worst (_hours: median of the
        simulated periods; _low, _high: 95 % prediction interval) [h]; objective [h], share_promised, chance to meet it
        in the coming period with its Monte Carlo error, required_chance; n_assets, n_cycles (complete), n_due (runs
        that were due), n_missed (failed, or without a trace); clustered; direction (of the run times); history_from;
        reason (why there is no expectation).

    Raises
    ------
    InputError
        If `by` is neither.
    """
    seen = _foresee(logs, period, by, history)
    table = seen.table
    expected = estimate_expected_exposure(seen.law)
    alone = np.bincount(seen.group, minlength=len(seen.known))[seen.group] == 1
    names = ["expected_hours", "expected_low", "expected_high"]
    table.loc[seen.known[seen.group[alone]], names] = expected.loc[alone, names].to_numpy()
    stated = table.loc[seen.known]
    coming = forecast_exposure(
        seen.law,
        seen.group,
        seen.exposed.window.hours,
        within_hours=stated["objective"],
        share=stated["share_promised"],
    )
    table.loc[seen.known, coming.columns] = coming.to_numpy()
    several = np.bincount(seen.group, minlength=len(seen.known)) > 1
    table.loc[seen.known[several], "reason"] = SEVERAL
    table = table.sort_values(["chance", "coming_mean_hours", by], ascending=[True, False, True], ignore_index=True)
    return table[[by, *COLUMNS]]


def schedule_needed(logs, period, *, by: str = "service", every_hours=EVERY_HOURS, history=None) -> pd.DataFrame:
    """The chance to meet the RPO objective under other schedules, with the run times and misses that were seen.

    Parameters
    ----------
    logs, period, by, history
        As of `expected_recovery_point`; what is simulated is a period as long.
    every_hours : sequence of float
        Intervals to try [h].

    Returns
    -------
    DataFrame
        `by`, every_hours, in that order; expected_hours with its 95 % interval (mean in the long run, of the worst
        asset) [h]; chance with chance_error; objective [h], share_promised, required_chance; now_hours (the mean
        interval at present; the longest of several assets); longest (whether it is the longest interval that has the
        chance required); reason. A group that cannot be foreseen, or promised nothing, has one row with the reason.
    """
    seen = _foresee(logs, period, by, history)
    table = seen.table[[by, "objective", "share_promised", "required_chance", "reason"]].reset_index(names="row")
    within = table["objective"].to_numpy(dtype=float)[seen.known]
    promised = np.flatnonzero(~np.isnan(within))
    rows = np.flatnonzero(np.isin(seen.group, promised))
    law, group = seen.law.rows(rows), np.searchsorted(promised, seen.group[rows])
    stated = table.loc[seen.known[promised]].rename(columns={"objective": "within_hours", "share_promised": "share"})
    found = estimate_schedules(law, group, seen.exposed.window.hours, objectives=stated, every_hours=every_hours)
    found["row"] = seen.known[promised][found.pop("group").to_numpy(dtype=np.int64)]
    now = pd.Series(law.mean_interval(), index=seen.known[promised][group]).groupby(level=0).max()
    found["now_hours"] = found["row"].map(now).astype(float)
    out = table.merge(found, on="row", how="left", suffixes=("", "_schedule"))
    nothing = np.where(out["objective"].isna(), "no recovery point is promised", "")
    why = out.pop("reason_schedule").fillna("").where(out["every_hours"].notna(), out["reason"].fillna("") + nothing)
    out = out.assign(reason=why.where(why != ""), longest=out["longest"].eq(True))
    return out.sort_values([by, "every_hours"], ignore_index=True)[[by, *SCHEDULE_COLUMNS]]


def _foresee(logs, period, by: str, history) -> _Foreseen:
    exposed = observe_exposure(logs, period, by)
    coverage = exposed.coverage
    if history is not None:
        past = read_period(history, timezone=logs.timezone, as_of=logs.as_of)
        coverage = coverage.assign(
            from_at=coverage["from_at"].clip(lower=past.start), until_at=coverage["until_at"].clip(upper=past.end)
        )
        coverage = coverage[coverage["from_at"] < coverage["until_at"]]
    cycles = measure_backup_cycles(exposed.usable, coverage, timezone=logs.timezone)
    law = law_of_cycles(cycles)
    members = exposed.members
    if by == "asset":
        members = pd.DataFrame({"asset": exposed.groups, "on": exposed.groups})
    members = members.rename(columns={"service": "on"}).drop_duplicates()
    members = members[members["on"].isin(exposed.groups)].assign(
        reason=lambda m: (
            m["asset"].map(_reasons(exposed, coverage, law)).astype("object").fillna("no backup of it was ever seen")
        )
    )
    table = _table(exposed, members, cycles, by=by)
    known = np.flatnonzero((table["reason"] == "").to_numpy())
    place = pd.Series(np.arange(len(known)), index=table[by].to_numpy()[known])
    rows = members[members["on"].isin(place.index)].assign(group=lambda m: m["on"].map(place)).sort_values("group")
    return _Foreseen(
        exposed, cycles, law.rows(law.assets.get_indexer(rows["asset"])), rows["group"].to_numpy(np.int64),
        table.assign(reason=table["reason"].where(table["reason"] != "")), known,
    )  # fmt: skip


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
    bare = pieces[(pieces["state"] == "unprotected") & (pieces["from_at"] > pieces["asset"].map(first))]
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
    table = pd.DataFrame(np.nan, index=range(len(names)), columns=["expected_hours", "expected_low", "expected_high"])
    table[[*COMING, "chance", "chance_error"]] = np.nan
    return table.assign(
        **{by: names, "achieved_hours": achieved.reindex(names).to_numpy()},
        objective=within.to_numpy(dtype=float),
        share_promised=promised["rpo_share"].to_numpy(dtype=float),
        required_chance=promised["required_chance"].to_numpy(dtype=float),
        **{name: counts[name].reindex(names).to_numpy() for name in counts},
        reason=pd.array(reason, dtype="object"),
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
