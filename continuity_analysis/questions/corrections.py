"""What was corrected, left out or called off, why, and how much availability it moved."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import to_microseconds
from continuity_analysis.measurements.correction_steps import measure_correction_steps
from continuity_analysis.measurements.disruptions import measure_disruptions
from continuity_analysis.measurements.downtime import measure_downtime
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.models.availability import estimate_availability
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.availability import observe
from continuity_analysis.words import show

COLUMNS = (
    "service", "incident_id", "title", "started_at", "what", "change", "because", "down_hours_moved",
    "unknown_hours_moved", "availability_before", "availability_after",
)  # fmt: skip
CALLED_OFF = {"cancelled": "cancelled in the source", "scheduled": "announced and not begun"}
_KEY = ["service", "product", "incident_id"]


def corrections(logs, period) -> pd.DataFrame:
    """Every correction of an incident that touches a period, and every row that counts nowhere.

    Corrections are applied one after the other in the catalogue's order, those of one incident together, so that what
    they moved adds up to the difference between `availability` and its `raw_availability`.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.

    Returns
    -------
    DataFrame
        service, incident_id, title, started_at (as ingested); what: "excluded", "corrected", "cancelled", "scheduled",
        or "no such incident" (a correction that fits none, whatever the period: service null); change (of what into
        what), because; down_hours_moved and unknown_hours_moved [h] (negative: less than before), availability_before
        and availability_after it. Hours are null where nothing was moved because nothing was ever counted.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    services = measure_services(logs)
    parts = [_moved(logs, services, window), _called_off(logs, services, window), _unmatched(logs)]
    kept = [p for p in parts if len(p)]
    return pd.concat(kept, ignore_index=True)[list(COLUMNS)] if kept else parts[0]


def _moved(logs, services: pd.DataFrame, window: Period) -> pd.DataFrame:
    """Corrections that touch the window, and what each of them moved."""
    raw, corrected = (measure_disruptions(logs, services, corrected=c) for c in (False, True))
    both = pd.concat([raw, corrected])
    observation = observe(logs, services, window=window, disruptions=both)
    said = _said(logs)
    steps = measure_correction_steps(raw, corrected, observation, order=list(said))
    if steps.corrected.empty:
        return _empty()
    found = estimate_availability(measure_downtime(steps.disruptions, steps.observation))
    before, after = (found.iloc[steps.before + i].reset_index(drop=True) for i in (0, 1))
    rows = steps.corrected.assign(service=services["service"].to_numpy()[steps.corrected["code"]])
    rows = rows.merge(_ingested(logs), on=_KEY, how="left").assign(
        what=["excluded" if said[i]["exclude"] else "corrected" for i in rows["incident_id"]],
        because=[said[i]["because"] for i in rows["incident_id"]],
        down_hours_moved=after["down_hours"] - before["down_hours"],
        unknown_hours_moved=after["unknown_hours"] - before["unknown_hours"],
        availability_before=before["availability"],
        availability_after=after["availability"],
    )
    rows["change"] = [_change(said[row["incident_id"]], row) for row in rows.to_dict("records")]
    touches = both[(both["start"] < observation.end) & (both["tail"] >= observation.start)]
    key = pd.MultiIndex.from_frame(touches[["code", "product", "incident_id"]])
    seen = pd.MultiIndex.from_frame(rows[["code", "product", "incident_id"]]).isin(key)
    return rows[seen].astype(dict.fromkeys(("what", "because", "change"), "str"))[list(COLUMNS)]


def _said(logs) -> dict[str, dict]:
    """Incident -> all that the catalogue says of it; of two values the later one, of reasons all."""
    said: dict[str, dict] = {}
    for correction in logs.catalog.corrections:
        before = said.get(correction.incident, {"exclude": False})
        new = correction.model_dump(exclude={"incident"}, exclude_none=True)
        because = "; ".join(filter(None, [before.get("because"), new["because"]]))
        exclude = before["exclude"] or correction.exclude
        said[correction.incident] = before | new | {"because": because, "exclude": exclude}
    return said


def _ingested(logs) -> pd.DataFrame:
    """One row per service and incident as ingested, the earliest."""
    rows = logs.incidents[logs.incidents["service"].notna()].sort_values("started_at", kind="stable")
    columns = [*_KEY, "title", "started_at", "detected_at", "acknowledged_at", "mitigated_at", "restored_at"]
    return rows.drop_duplicates(_KEY)[[*columns, "impact", "planned"]]


def _change(said: dict, row: dict) -> str:
    """What a correction says, beside what was ingested."""
    if said["exclude"]:
        return "left out"
    fields = [f for f in said if f not in ("exclude", "because")]
    return "; ".join(f"{f} {_word(row.get(f))} → {_word(said[f])}" for f in fields)


def _word(value) -> str:
    if isinstance(value, pd.Timestamp):
        return show(value, "moment")
    if value is None or pd.isna(value):
        return "not stated"
    return str(value).lower() if isinstance(value, bool | np.bool_) else show(float(value), "ratio")


def _called_off(logs, services: pd.DataFrame, window: Period) -> pd.DataFrame:
    """Cancelled and announced rows of known services that would have begun in the window."""
    rows = logs.incidents[logs.incidents["status"].isin(list(CALLED_OFF))]
    rows = rows[rows["service"].isin(services["service"])]
    begun = rows["started_at"].fillna(rows["scheduled_from_at"])
    first, last = to_microseconds([window.start, window.end])
    moment = to_microseconds(begun)
    rows = rows.assign(started_at=begun)[(moment >= first) & (moment < last)].drop_duplicates(_KEY)
    reasons = rows["status"].map(CALLED_OFF)
    return rows.assign(what=rows["status"], because=reasons).reindex(columns=list(COLUMNS))


def _unmatched(logs) -> pd.DataFrame:
    known = set(logs.incidents["incident_id"].dropna())
    missing = {name: said["because"] for name, said in _said(logs).items() if name not in known}
    rows = pd.DataFrame({"incident_id": list(missing), "because": list(missing.values())}, dtype="str")
    return rows.assign(what="no such incident").reindex(columns=list(COLUMNS))


def _empty() -> pd.DataFrame:
    numbers = ("down_hours_moved", "unknown_hours_moved", "availability_before", "availability_after")
    types = dict.fromkeys(COLUMNS, "str") | dict.fromkeys(numbers, "float64") | {"started_at": "datetime64[us, UTC]"}
    return pd.DataFrame({c: pd.Series(dtype=types[c]) for c in COLUMNS})
