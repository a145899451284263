"""Which services there are, since when each is in service, and until when."""

import pandas as pd

from continuity_analysis.measurements.once import once

_KEYS = ["service", "product", "export_id"]
RECORDS = {"incidents": "started_at", "states": "from_at", "changes": "started_at", "requests": "minute_at"}


@once
def measure_services(logs) -> pd.DataFrame:
    """All services, in the order of their names: those of the catalogue, else every component seen.

    Parameters
    ----------
    logs : Logs
        Its tables `incidents`, `states`, `changes`, `requests` and its catalogue are read.

    Returns
    -------
    DataFrame
        service, tier (null: not stated), in_service_from (missing where neither stated nor recorded),
        in_service_assumed (true where it is not stated, but from when the sources that reported on any component look,
        or that of its first record, whichever is earlier), retired_at.
    """
    first = _first_looks(logs)
    stated = logs.catalog.services
    names = sorted(stated) if stated else sorted(first.index)
    said = [stated.get(name) for name in names]
    since = _moments([s.in_service_since if s else None for s in said])
    tiers = pd.Series([s.tier if s else None for s in said], dtype="Int64")
    recorded = pd.Series(first.reindex(names).to_numpy(), dtype="datetime64[us, UTC]")
    return pd.DataFrame(
        {
            "service": pd.Series(names, dtype="str"),
            "tier": tiers,
            "in_service_from": since.fillna(recorded),
            "in_service_assumed": since.isna(),
            "retired_at": _moments([s.retired_at if s else None for s in said]),
        }
    )


def codes_of(names: pd.Series, services: pd.DataFrame):
    """Row of `services` that each name is, as an int64 array; -1 where it is null or none of them."""
    return pd.Index(services["service"]).get_indexer(names)


def _first_looks(logs) -> pd.Series:
    """Since when each service is looked at, or known: its first record, an incident, is not when it began."""
    rows = [
        logs.tables[table][["service", "product", "export_id", column]].set_axis([*_KEYS, "first"], axis=1)
        for table, column in RECORDS.items()
        if table in logs.tables
    ]
    seen = pd.concat(rows).dropna(subset="service")
    exports = logs.exports[["export_id", "product", "scope", "covers_from_at"]].fillna({"scope": ""})
    begins = exports.groupby(["product", "scope"], as_index=False)["covers_from_at"].min()
    scopes = exports[["export_id", "scope"]].drop_duplicates("export_id")
    sources = seen[_KEYS].drop_duplicates().merge(scopes, on="export_id", how="left").fillna({"scope": ""})
    looks = sources.merge(begins, on=["product", "scope"]).groupby("service")["covers_from_at"].min()
    return pd.concat([seen.groupby("service")["first"].min(), looks]).groupby(level=0).min()


def _moments(values: list) -> pd.Series:
    return pd.Series(pd.to_datetime(values, utc=True), dtype="datetime64[us, UTC]")
