"""Incidents as observations: one per service and incident, and which of them stand beside each other as evidence.

A service's observations come from one kind of evidence, the first of the catalogue's order that it has. Where several
products saw the same outage, the one with most observations of the service counts, so that one outage is one
observation; the rest are kept and say why they do not count.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds
from continuity_analysis.measurements.corrected import EXCLUDED, counted_incidents
from continuity_analysis.measurements.intervals import clip, intervals

CLOCKS = ("started", "detected", "acknowledged", "mitigated", "restored")
EVIDENCE = ("incident", "probe", "alert")
CORROBORATING = ("another kind of evidence", "the same outage as another product saw")
"""Why an observation does not count that may be of an outage which another one counts for."""
_KEY = ["service", "product", "incident_id"]
_EARLIEST = ("started", "detected", "acknowledged", "entered")
_NEVER = np.iinfo(np.int64).max
_TOLD = {f"tells_{clock}": clock for clock in CLOCKS[1:-1]}


def observe_incidents(logs, *, corrected: bool = True) -> pd.DataFrame:
    """One row per service and incident.

    Parameters
    ----------
    logs : Logs
        Its `incidents`, its as_of and the catalogue's order of evidence are read.
    corrected : bool
        Whether the catalogue's corrections of incidents are applied.

    Returns
    -------
    DataFrame
        service, product, incident_id, title, severity, cause, kind; started, detected, acknowledged (the earliest of
        its components), mitigated, restored (the latest), seen (when it was last seen, open where it is open), entered
        (when it came under observation: its start, or the begin of what its source covers where that is later), all
        int64 microseconds or `UNKNOWN`; is_open, closure (restored is when a ticket was closed), creation (started is
        when the record was made), planned, correction (why it was corrected); tells_detected, tells_acknowledged,
        tells_mitigated (whether its product ever says when); excluded (why it does not count; null
        where it does). In order of start. A record is made when the disruption is noticed: where its making is taken
        for the start, and nothing else is said, it stands for the detection as well.
    """
    found = _combined(_rows(logs, counted_incidents(logs, corrected=corrected)), _KEY)
    reasons = {
        "excluded by a correction": found["status"] == EXCLUDED,
        "cancelled": found["status"] == "cancelled",
        "announced and not begun": found["status"] == "scheduled",
        "planned work is not an incident": found["planned"],
    }
    excluded = pd.Series(np.select(list(reasons.values()), list(reasons), ""), index=found.index)
    order = logs.catalog.evidence.get("restoration", EVIDENCE)
    excluded = excluded.mask((excluded == "") & _other_kind(found, excluded == "", order), CORROBORATING[0])
    same = _seen_by_another(found, (excluded == "").to_numpy())
    excluded = excluded.mask(same, CORROBORATING[1])
    products = found["product"]
    told = {name: (found[clock] != UNKNOWN).groupby(products).transform("any") for name, clock in _TOLD.items()}
    return found.assign(excluded=excluded.where(excluded != "").astype("str"), **told)


def combine_fleet(observations: pd.DataFrame) -> pd.DataFrame:
    """One row per incident, whatever services it disrupted; columns and order as of `observe_incidents`.

    An incident counts if it counts for any service; `service` is that of its earliest start.
    """
    counts = observations["excluded"].isna()
    whole = pd.MultiIndex.from_frame(observations[_KEY[1:]])
    kept = counts.to_numpy() | ~whole.isin(whole[counts.to_numpy()])
    return _combined(observations[kept], _KEY[1:])


def _rows(logs, incidents: pd.DataFrame) -> pd.DataFrame:
    """Incidents of known services by component, with moments in microseconds."""
    rows = incidents[incidents["service"].notna() & incidents["started_at"].notna()]
    moments = {c: to_microseconds(rows[f"{c}_at"]) for c in (*CLOCKS, "closed")}
    seen, as_of = to_microseconds(rows["observed_at"]), int(to_microseconds([logs.as_of])[0])
    status = rows["status"].fillna("open")
    creation = rows["started_basis"].eq("creation").fillna(False).to_numpy(dtype=bool)
    found = np.where(creation & (moments["detected"] == UNKNOWN), moments["started"], moments["detected"])
    closure = ((status == "resolved") & (moments["closed"] != UNKNOWN)).to_numpy() & (moments["restored"] == UNKNOWN)
    restored = np.where(closure, moments["closed"], moments["restored"])
    return rows[[*_KEY, "component", "title", "severity", "cause", "kind", "correction"]].assign(
        **{c: moments[c] for c in CLOCKS[:-1]} | {"detected": found},
        restored=restored,
        seen=np.clip(np.minimum(seen, as_of), moments["started"], None),
        entered=np.maximum(moments["started"], _watched_from(logs, rows)),
        status=status,
        is_open=(status == "open").to_numpy() & (restored == UNKNOWN),
        closure=closure | rows["restored_basis"].eq("closure").fillna(False).to_numpy(dtype=bool),
        creation=creation,
        planned=rows["planned"].fillna(False).to_numpy(dtype=bool)
        | (rows["kind"] == "maintenance").to_numpy(dtype=bool),
        excluded=pd.Series(None, index=rows.index, dtype="str"),
    )


def _watched_from(logs, rows: pd.DataFrame) -> np.ndarray:
    """Since when the source of each row watches [us]; `UNKNOWN` where no export of it says."""
    exports = logs.exports.drop_duplicates("export_id").assign(scope=lambda e: e["scope"].fillna(""))
    begins = exports.groupby(["product", "scope"])["covers_from_at"].min()
    scope = exports.set_index("export_id")["scope"].reindex(rows["export_id"]).to_numpy()
    return to_microseconds(begins.reindex(pd.MultiIndex.from_arrays([rows["product"], scope])))


def _combined(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Rows joined by `key`: earliest start, latest restoration, open while any part is, as long as one was seen so."""
    rows = rows.iloc[np.argsort(rows["started"].to_numpy(), kind="stable")]
    rows = rows.assign(**{c: rows[c].where(rows[c] != UNKNOWN, _NEVER) for c in _EARLIEST})
    rows = rows.assign(
        seen_open=rows["seen"].where(rows["is_open"], UNKNOWN),
        unmitigated=rows["is_open"] & (rows["mitigated"] == UNKNOWN),
    )
    how = dict.fromkeys(_EARLIEST, "min") | dict.fromkeys(("mitigated", "restored", "seen"), "max")
    how |= {"seen_open": "max", "unmitigated": "any"}
    how |= dict.fromkeys(("is_open", "closure", *(name for name in _TOLD if name in rows)), "any") | dict.fromkeys(
        ("creation", "planned"), "all"
    )
    how |= dict.fromkeys(("service", "title", "cause", "kind", "status", "correction", "excluded"), "first")
    how["severity"] = "min"
    grouped = rows.groupby(key, sort=False)
    found = pd.DataFrame({c: getattr(grouped[c], f)() for c, f in how.items() if c not in key}).reset_index()
    found = found.assign(**{c: found[c].where(found[c] != _NEVER, UNKNOWN) for c in _EARLIEST})
    return found.assign(
        restored=found["restored"].where(~found["is_open"], UNKNOWN),
        mitigated=found["mitigated"].where(~found["unmitigated"], UNKNOWN),
        seen=found["seen"].where(~found["is_open"], found["seen_open"]),
    ).drop(columns=["seen_open", "unmitigated"])


def _other_kind(found: pd.DataFrame, counts: pd.Series, order) -> pd.Series:
    """Observations that are not of the first kind of evidence their service has, in the order stated."""
    rank = found["kind"].fillna("incident").map({kind: i for i, kind in enumerate(order)}).fillna(len(order))
    best = rank.where(counts).groupby(found["service"]).transform("min")
    return (rank != best) | (rank == len(order))


def _seen_by_another(found: pd.DataFrame, counts: np.ndarray) -> np.ndarray:
    """Observations that overlap one of the same service by a product that saw more of it."""
    same = np.zeros(len(found), dtype=bool)
    rows = np.flatnonzero(counts)
    here = found.iloc[rows]
    sources = here.groupby(["service", "product"])
    sizes = sources.size().reset_index(name="n").sort_values(["service", "n", "product"], ascending=[True, False, True])
    rank = sizes.groupby("service").cumcount().sort_index().to_numpy()[sources.ngroup().to_numpy()]
    stop = np.where(here["restored"] != UNKNOWN, here["restored"], here["seen"])
    x = intervals(pd.factorize(here["service"])[0], here["started"], np.maximum(stop, here["started"] + 1))
    for level in range(1, int(rank.max(initial=0)) + 1):
        mine, before = np.flatnonzero(rank == level), (rank < level) & ~same[rows]
        same[rows[mine[np.unique(clip(x[mine], x[before])[1])]]] = True
    return same
