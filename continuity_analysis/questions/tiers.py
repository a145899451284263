"""Tiers of services as the catalogue states them, and what all services of one promise."""

import pandas as pd

from continuity_analysis.questions.promises import NUMBERS
from continuity_analysis.words import show

_RPO = ["rpo_within_hours", "rpo_share"]
NAMED_AT_MOST = 4
OTHERWISE = "services of it are judged against loss of primary, a tier against corruption or attack"


def tiers_of(catalog, services) -> pd.DataFrame:
    """The tier of every service named.

    Returns
    -------
    DataFrame
        service, tier ("tier 1"; null: the catalogue states none), tiers in order of their number, those without last.
    """
    names = pd.Index(list(services), dtype="str")
    stated = {name: s.tier for name, s in catalog.services.items() if s.tier is not None}
    number = pd.Series([stated.get(n) for n in names], dtype="Int64")
    words = ("tier " + number.astype("str")).where(number.notna()).astype("str")
    rows = pd.DataFrame({"service": names, "tier": words}).assign(number=number)
    return rows.sort_values(["number", "service"], ignore_index=True)[["service", "tier"]]


def promises_of_tiers(promised: pd.DataFrame, tiers: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """What all services of each tier promise alike; what they do not promise alike the tier does not promise.

    Parameters
    ----------
    promised : DataFrame
        Result of `promises`, of all services of `tiers`.
    tiers : DataFrame
        Result of `tiers_of`.

    Returns
    -------
    promised : DataFrame
        Index tier, in order of their number; the columns `NUMBERS`.
    why : Series of str
        By tier, why it promises no recovery point; null where it does.
    """
    known = tiers.dropna()
    order = pd.Index(known["tier"].drop_duplicates(), name="tier", dtype="str")
    numbers = promised.loc[known["service"], list(NUMBERS)].set_axis(known["tier"], axis=0)
    by_tier = numbers.groupby(level=0)
    same = (by_tier.nunique(dropna=False) == 1).reindex(order)
    same[_RPO] = same[_RPO].all(axis=1).to_numpy()[:, None].repeat(2, axis=1)
    unlike = order[~same[_RPO[0]].to_numpy(dtype=bool)]
    why = pd.Series(pd.NA, index=order, dtype="str")
    primary = promised.loc[known["service"], "rpo_against"].eq("loss of primary").set_axis(known["tier"])
    judged_otherwise = primary.groupby(level=0).any().reindex(order)
    same.loc[judged_otherwise.to_numpy(dtype=bool), _RPO] = False
    for tier in unlike:
        why[tier] = _unlike(promised.loc[known.loc[known["tier"] == tier, "service"], _RPO])
    why[judged_otherwise.to_numpy(dtype=bool)] = OTHERWISE
    return by_tier.first().reindex(order).where(same), why


def _unlike(promised: pd.DataFrame) -> str:
    """What the services of one tier promise, in words, the strictest first."""
    rows = promised.sort_values(_RPO, ascending=[True, False], kind="stable")
    said = [
        f"{name} none" if pd.isna(hours) else f"{name} {show(hours, 'hours')} for {show(share, 'share')}"
        for name, hours, share in zip(rows.index, *(rows[c] for c in _RPO), strict=True)
    ]
    rest = [f"{len(said) - NAMED_AT_MOST} more"] if len(said) > NAMED_AT_MOST else []
    return f"its services do not promise the same: {', '.join([*said[:NAMED_AT_MOST], *rest])}"
