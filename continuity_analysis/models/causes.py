"""Down time by cause, and how much of it the worst outages made."""

import numpy as np
import pandas as pd

WORST = (0.01, 0.05, 0.10)


def estimate_by_cause(caused: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Down time, failures and incidents of every cause, the largest first.

    Parameters
    ----------
    caused : DataFrame
        Result of `measure_caused_downtime`.
    by : list of str
        Columns whose groups stand apart, such as ["service"]; none: everything together.

    Returns
    -------
    DataFrame
        The group, cause, unplanned_hours, planned_hours, down_hours [h], share (of the group's down time),
        cumulative_share, n (failures), n_incidents (of any kind that made down time), n_by_rule and n_by_others (of
        these, how many have their cause from a rule of the catalogue, or from what another product said).
    """
    keys = [*by, "cause"]
    made = caused[caused["hours"] > 0]
    hours = made.assign(
        unplanned_hours=made["hours"].where(~made["planned"].astype(bool), 0.0),
        planned_hours=made["hours"].where(made["planned"].astype(bool), 0.0),
    ).groupby(keys)[["unplanned_hours", "planned_hours"]]
    alone = np.where(made["incident_id"].isna(), made["row"], -1)
    each = made.assign(alone=alone).drop_duplicates([*keys, "product", "incident_id", "alone"])
    basis = each["cause_basis"]
    counts = each.assign(n_incidents=1, n_by_rule=basis == "rule", n_by_others=basis == "another product")
    counts = counts.groupby(keys)[["n_incidents", "n_by_rule", "n_by_others"]].sum()
    found = pd.concat([hours.sum(), counts, caused.groupby(keys)["failures"].sum().rename("n")], axis=1)
    found = found.fillna(0).astype(dict.fromkeys((*counts.columns, "n"), "int64")).reset_index()
    found = found.assign(down_hours=found["unplanned_hours"] + found["planned_hours"])
    return _ranked(found, by)


def estimate_concentration(outages: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """Share of the unplanned down time that the worst 1, 5 and 10 % of outages made.

    Parameters
    ----------
    outages : DataFrame
        Columns group (text) and hours [h]; one row per outage that made down time.
    groups : list of str
        All groups, in order.

    Returns
    -------
    DataFrame
        group, worst_share (0.01, …), share (of the down time; null where that part is less than one outage), n_worst
        (whole outages in that part), n, down_hours [h], reason (what would be needed, where share is null).
    """
    ordered = outages.sort_values(["group", "hours"], ascending=[True, False])
    rank = ordered.groupby("group").cumcount().to_numpy()
    sizes = ordered.groupby("group")["hours"].agg(n="size", down_hours="sum").reindex(groups, fill_value=0)
    parts = []
    for worst in WORST:
        n_worst = np.floor(worst * sizes["n"] + 1e-9).astype("int64")
        within = rank < n_worst.reindex(ordered["group"]).to_numpy(np.int64)
        made = ordered["hours"][within].groupby(ordered["group"][within]).sum().reindex(groups, fill_value=0.0)
        enough = (n_worst > 0).to_numpy()
        share = np.divide(made, sizes["down_hours"], out=np.full(len(groups), np.nan), where=enough)
        reason = np.where(enough, None, f"needs at least {round(1 / worst)} outages")
        parts.append(sizes.assign(worst_share=worst, share=share, n_worst=n_worst, reason=reason))
    found = pd.concat(parts).rename_axis("group").reset_index().astype({"n": "int64", "reason": "str"})
    place = found["group"].map({name: i for i, name in enumerate(groups)})
    found = found.iloc[np.lexsort((found["worst_share"], place))].reset_index(drop=True)
    return found[["group", "worst_share", "share", "n_worst", "n", "down_hours", "reason"]]


def _ranked(found: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The largest first within each group, with shares that add up."""
    unknown_last = (found["cause"] == "unknown").astype(int)
    keys = [found["cause"], -found["n"], unknown_last, -found["down_hours"], *(found[c] for c in by[::-1])]
    found = found.iloc[np.lexsort(keys)].reset_index(drop=True)
    whole = found.groupby(by)["down_hours"] if by else found.assign(_=0).groupby("_")["down_hours"]
    total = whole.transform("sum").replace(0.0, np.nan)
    share, running = found["down_hours"] / total, whole.cumsum() / total
    columns = [*by, "cause", "unplanned_hours", "planned_hours", "down_hours", "share", "cumulative_share", "n"]
    columns += ["n_incidents", "n_by_rule", "n_by_others"]
    return found.assign(share=share, cumulative_share=running)[columns]
