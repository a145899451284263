"""What the catalogue promises, as one row per service; nothing promised is null."""

import pandas as pd

NUMBERS = (
    "availability", "requests", "latency_under_hours", "latency_share", "restore_within_hours", "restore_share",
    "rpo_within_hours", "rpo_share", "rto_within_hours", "rto_chance", "mtpd_hours", "required_chance",
    "evidence_max_age_days", "minimum_capacity",
)  # fmt: skip


def promises(catalog, services) -> pd.DataFrame:
    """Objectives of the services named, in that order.

    Parameters
    ----------
    catalog : Catalog
    services : iterable of str
        Names; one that the catalogue does not know has promised nothing.

    Returns
    -------
    DataFrame
        Index `service`; tier, then the columns of `NUMBERS` (shares and chances 0 to 1, durations in [h]), then
        rpo_against (what the recovery point is judged against; null: not stated).
    """
    from continuity_analysis.catalog import Service

    names = pd.Index(list(services), name="service", dtype="str")
    stated = [catalog.services.get(name, Service()) for name in names]
    frame = pd.DataFrame([_numbers(s) for s in stated], index=names, columns=list(NUMBERS), dtype="float64")
    frame.insert(0, "tier", pd.array([s.tier for s in stated], dtype="Int64"))
    against = [s.objectives.rpo and s.objectives.rpo.against for s in stated]
    return frame.assign(rpo_against=pd.array(against, dtype="str"))


def _numbers(service) -> tuple:
    promised = service.objectives
    latency, restore, rpo, rto = promised.latency, promised.restore, promised.rpo, promised.rto
    chance = rto and (service.required_chance if rto.chance is None else rto.chance)
    return (
        promised.availability,
        promised.requests,
        latency and latency.under_hours,
        latency and latency.share,
        restore and restore.within_hours,
        restore and restore.share,
        rpo and rpo.within_hours,
        rpo and rpo.share,
        rto and rto.within_hours,
        chance,
        promised.mtpd_hours,
        service.required_chance,
        service.evidence_max_age_days,
        service.minimum_capacity,
    )


def by_kind_and_tier(found: list[pd.DataFrame], catalog, *, kind: str, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Rows on services, with the tier of each: in the order of what they are, then by tier.

    Parameters
    ----------
    found : list of DataFrame
        Columns service, n, since, and the one named by `kind`.
    catalog : Catalog
    kind : str
        Column that says what a row is.
    kinds : tuple of str
        What it may say, in the order of rows.
    """
    rows = pd.concat(found, ignore_index=True)
    tiers = promises(catalog, sorted(set(rows["service"])))["tier"]
    rows = rows.assign(tier=rows["service"].map(tiers).astype("Int64"), n=rows["n"].astype("Int64"))
    rows["since"] = pd.to_datetime(rows["since"], utc=True)
    rank = rows[kind].map({name: place for place, name in enumerate(kinds)})
    return rows.assign(rank=rank).sort_values(["rank", "tier"], kind="stable", ignore_index=True).drop(columns="rank")
