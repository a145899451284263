"""Findings of drills and recoveries: which came back, which are open, which were not found again.

The same finding is one with the same id at its beginning (`OPS-12`, `#12`, with or without brackets), else with the
same words, whatever their case, spaces and final point. Words that differ are different findings: nothing is guessed.
A line that begins with `fixed:`, `closed:` or `resolved:` says that the finding is done with.

A recovery without findings says nothing of them: an empty cell is unknown. So it closes none.
"""

import pandas as pd

from continuity_analysis.measurements.recoveries import MOMENTS

KINDS = ("drill", "restore", "failover")
OPEN, FIXED, NOT_AGAIN = "open", "fixed", "not found again"
_FIXED = r"^(?:fixed|closed|resolved)\s*:\s*"
_ID = r"^\[?(#\d+|[a-z][a-z0-9_]*-\d+)\]?(?=[\s:;,.)]|$)"
_EVERY = [*MOMENTS, "finished_at"]


def measure_findings(recoveries: pd.DataFrame, *, until: pd.Timestamp) -> pd.DataFrame:
    """One row per service, recovery and different finding.

    Parameters
    ----------
    recoveries : DataFrame
        Canonical recoveries with `service`. Only those of a service (scope end_to_end, or with a disruption) of the
        kinds drill, restore and failover count: what tools remark on a copy of data is no finding.
    until : Timestamp
        What ended later was not yet known.

    Returns
    -------
    DataFrame
        service, recovery (number: attempts for one disruption of a service are one), at (when it ended), finding (as
        written), key (what makes it the same), fixed (said to be done with).
    """
    rows = recoveries[recoveries["service"].notna() & recoveries["kind"].isin(KINDS) & recoveries["findings"].notna()]
    whole = (rows["scope"] == "end_to_end").fillna(False) | (rows["scope"].isna() & rows["disrupted_at"].notna())
    at = rows[_EVERY].max(axis=1)
    rows = rows.assign(at=at)[(whole & (at <= until)).to_numpy(bool)]
    alone = rows["recovery_id"].where(rows["disrupted_at"].isna(), "")
    number = rows.groupby([rows["service"], rows["disrupted_at"], alone], dropna=False, sort=False).ngroup()
    rows = rows.assign(recovery=number, at=rows.groupby(number)["at"].transform("max"))
    lines = rows.assign(finding=rows["findings"].str.split("\n")).explode("finding")
    text = lines["finding"].astype("str").str.strip()
    fixed, text = (
        text.str.contains(_FIXED, case=False, regex=True),
        text.str.replace(_FIXED, "", case=False, regex=True),
    )
    plain = text.str.lower().str.replace(r"\s+", " ", regex=True).str.strip().str.rstrip(".!;, ")
    found = lines.assign(finding=text, key=plain.str.extract(_ID)[0].fillna(plain), fixed=fixed.astype(bool))
    found = found[found["key"] != ""].sort_values(["at", "recovery_id"], kind="stable")
    same = found.groupby(["service", "recovery", "key"], sort=False)
    found = found.assign(fixed=same["fixed"].transform("last")).drop_duplicates(["service", "recovery", "key"])
    return found[["service", "recovery", "at", "finding", "key", "fixed"]].reset_index(drop=True)


def summarise_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """What became of each finding of each service.

    Parameters
    ----------
    findings : DataFrame
        Result of `measure_findings`.

    Returns
    -------
    DataFrame
        service, finding (as last written), n (recoveries in which it was found, fixes not counted), n_recoveries (of
        the service that recorded findings), n_later (of those, after it was last found), n_services (in which it was
        ever found), first_at, last_at (last found), state ("fixed": nothing but its fix since; "open": found in the
        newest recovery that recorded findings; "not found again"), came_back (found in two or more), after_fix (found
        again although said to be fixed). Open ones first, the most frequent first.
    """
    found = findings.sort_values(["at", "recovery"], kind="stable", ignore_index=True)
    hit, pair = ~found["fixed"].astype(bool), [found["service"], found["key"]]
    order = (~found.duplicated(["service", "recovery"])).groupby(found["service"]).cumsum()
    relapse = hit & (found["fixed"].astype("int64").groupby(pair).cumsum() > 0)
    found = found.assign(
        hit=hit.astype("int64"),
        relapse=relapse,
        n_recoveries=order.groupby(found["service"]).transform("max").astype("int64"),
        n_services=found["service"].where(hit).groupby(found["key"]).transform("nunique").astype("int64"),
        last=order.where(hit).astype("Int64"),
        seen=found["at"].where(hit),
    )
    how = {"finding": "last", "hit": "sum", "fixed": "last", "relapse": "any", "last": "max"}
    how |= {"n_recoveries": "first", "n_services": "first"}
    out = found.groupby(["service", "key"], sort=False).agg(how)
    seen = found.groupby(["service", "key"], sort=False)["seen"].agg(["min", "max"])
    out = out.assign(first_at=seen["min"], last_at=seen["max"], n_later=out["n_recoveries"] - out["last"]).reset_index()
    return _with_states(out)


def _with_states(found: pd.DataFrame) -> pd.DataFrame:
    """Findings with what became of each, in order."""
    is_open = (found["n_later"] == 0).fillna(False).astype(bool)
    state = pd.Series(NOT_AGAIN, index=found.index, dtype="str")
    state = state.mask(is_open, OPEN).mask(found["fixed"].astype(bool), FIXED)
    found = found.rename(columns={"hit": "n", "relapse": "after_fix"})
    found = found.assign(state=state, came_back=found["n"] >= 2, rank=state.map({OPEN: 0, NOT_AGAIN: 1, FIXED: 2}))
    order = ["rank", "n", "last_at", "service"]
    found = found.sort_values(order, ascending=[True, False, False, True], kind="stable", ignore_index=True)
    columns = ["service", "finding", "n", "n_recoveries", "n_later", "n_services", "first_at", "last_at"]
    return found[[*columns, "state", "came_back", "after_fix"]]
