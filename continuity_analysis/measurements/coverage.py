"""When who was watching: for each service, the time for which some source vouches.

An export vouches from its `covers_from_at` to its `covers_until_at`; one that shows only what is open now, or does not
say since when it looks, vouches for nothing. It speaks for a service if it comes from a product (and scope, such as one
status page) that reported on the service's components, or that the catalogue says watches it; not for time in which it
saw nothing (see `blind`). The log of one member of a replica set speaks for that member alone: a set is watched while
it is known whether it had a primary.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.blind import PLANS_ONLY, measure_silenced, measure_unseen
from continuity_analysis.measurements.clock import to_microseconds
from continuity_analysis.measurements.failovers import watched_sets
from continuity_analysis.measurements.intervals import Intervals, difference, intervals, ranges, remove, union
from continuity_analysis.measurements.once import once
from continuity_analysis.measurements.replica_sets import in_sets
from continuity_analysis.measurements.services import codes_of
from continuity_analysis.tables import EVIDENCE

WATCHING = ("incidents", "states")
OTHER = tuple(name for name in EVIDENCE if name not in WATCHING)


@once
def measure_coverage(logs, services: pd.DataFrame, *, silenced: bool = True) -> Intervals:
    """Time for which some source of incidents or states was watching each service.

    Parameters
    ----------
    logs : Logs
    services : DataFrame
        Result of `measure_services`.
    silenced : bool
        Whether windows in which a source was told to create no incidents are taken from what it watched.

    Returns
    -------
    Intervals
        Disjoint, in order; the group is the row of `services`.
    """
    sources, stretches = _sources(_watching_exports(logs))
    speaks = pd.concat([_reported(logs, services, sources), _stated(logs, services, sources)]).drop_duplicates()
    source = speaks["source"].to_numpy(dtype=np.int64)
    first = np.searchsorted(stretches.group, source, side="left")
    count = np.searchsorted(stretches.group, source, side="right") - first
    rows, which = ranges(first, count)
    blind = pd.concat([measure_unseen(logs, services), *([measure_silenced(logs, services)] if silenced else [])])
    witness = pd.DataFrame({"code": speaks["code"], "product": sources["product"].reindex(source).to_numpy()})
    pair, names = pd.factorize(pd.MultiIndex.from_frame(pd.concat([witness, blind[["code", "product"]]])))
    vouched = intervals(pair[: len(witness)][rows], stretches.start[which], stretches.end[which])
    seen, _ = remove(vouched, intervals(pair[len(witness) :], blind["start"], blind["end"]))
    code = names.get_level_values(0).to_numpy(dtype=np.int64)
    sets = watched_sets(logs, services)
    every = [np.append(code[seen.group], sets.group), np.append(seen.start, sets.start), np.append(seen.end, sets.end)]
    return union(Intervals(*every))


def measure_suppressed(logs, services: pd.DataFrame) -> Intervals:
    """Time that would have been watched, had no source been told to create no incidents in it."""
    if measure_silenced(logs, services).empty:
        return intervals([], [], [])
    return difference(measure_coverage(logs, services, silenced=False), measure_coverage(logs, services))


def _watching_exports(logs) -> pd.DataFrame:
    """Exports that can show incidents and vouch for a stretch of time; backup listings, say, cannot."""
    exports = logs.exports
    speaking, other = _formats(logs, WATCHING), _formats(logs, OTHER)
    alone = {*PLANS_ONLY, *logs.states.loc[in_sets(logs.states), "format"]}
    fit = (exports["format"].isin(speaking) | ~exports["format"].isin(other)) & ~exports["format"].isin(alone)
    vouches = exports["covers_from_at"].notna() & exports["covers_until_at"].notna()
    return exports[fit & vouches & (exports["export_kind"].fillna("") != "open_only")]


def _formats(logs, names) -> set:
    return {f for name in names if name in logs.tables for f in logs.tables[name]["format"].dropna().unique()}


def _sources(exports: pd.DataFrame) -> tuple[pd.DataFrame, Intervals]:
    """The different (product, scope) of exports, and the union of what the exports of each cover."""
    source = exports[["product", "scope"]].fillna({"scope": ""})
    named = source.drop_duplicates().sort_values(["product", "scope"], ignore_index=True)
    group = pd.MultiIndex.from_frame(named).get_indexer(pd.MultiIndex.from_frame(source)) if len(named) else []
    covered = intervals(group, *(to_microseconds(exports[c]) for c in ("covers_from_at", "covers_until_at")))
    return named.assign(source=named.index), union(covered)


def _reported(logs, services: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """code, source: sources of the product and scope that reported on a component; no scope means all of a product."""
    scopes = logs.exports[["export_id", "scope"]].drop_duplicates("export_id")
    rows = [logs.tables[t][["service", "product", "export_id"]] for t in WATCHING if t in logs.tables]
    seen = pd.concat(rows).dropna(subset="service").drop_duplicates().merge(scopes, on="export_id", how="left")
    seen = seen.assign(scope=seen["scope"].fillna(""), code=codes_of(seen["service"], services))
    seen = seen.loc[seen["code"] >= 0, ["code", "product", "scope"]].drop_duplicates()
    whole = seen.assign(scope="").drop_duplicates()
    return pd.concat([seen, whole]).drop_duplicates().merge(sources, on=["product", "scope"])[["code", "source"]]


def _stated(logs, services: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """code, source: sources that the catalogue says watch a service, whatever their scope."""
    stated = [(name, p) for name, service in logs.catalog.services.items() for p in service.watched_by]
    pairs = pd.DataFrame(stated, columns=["service", "product"], dtype="str")
    pairs = pairs.assign(code=codes_of(pairs["service"], services))
    return pairs.merge(sources, on="product")[["code", "source"]]
