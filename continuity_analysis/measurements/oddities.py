"""What looks odd in the records: times that contradict each other, ends that are not there, what was assumed."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from continuity_analysis.tables import TABLES

LONG_OPEN = pd.Timedelta(days=30)
FAR_AHEAD = pd.Timedelta(days=365)
_NONE_AHEAD = pd.DataFrame(columns=["table", "n", "example"])


@dataclass(frozen=True)
class Oddity:
    """One thing to look for: in which table, what it is called, which rows have it, and what it does to answers."""

    table: str
    what: str
    found: Callable[[pd.DataFrame, pd.Timestamp], pd.Series]
    effect: str


def _before(later: str, earlier: str) -> Callable:
    return lambda rows, as_of: rows[later] < rows[earlier]


def _null(column: str, **where) -> Callable:
    def found(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
        here = rows[column].isna()
        for name, value in where.items():
            here &= (rows[name] == value).fillna(False).astype(bool)
        return here

    return found


def _word(column: str, value: str) -> Callable:
    return lambda rows, as_of: rows[column] == value


def _long_open(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    return (rows["status"] == "open") & rows["mitigated_at"].isna() & (as_of - rows["started_at"] > LONG_OPEN)


def _incidents() -> tuple[Oddity, ...]:
    looked_for = (
        ("restored before it started", _before("restored_at", "started_at"), "left out of durations"),
        ("acknowledged before it started", _before("acknowledged_at", "started_at"), "no time to acknowledge"),
        ("detected before it started", _before("detected_at", "started_at"), "counted as detected after 0 h"),
        ("resolved, but no log says when", _null("restored_at", status="resolved"), "left out of durations"),
        ("ended by the closure of its ticket", _word("restored_basis", "closure"), "its duration is an upper bound"),
        ("open for more than 30 days", _long_open, "down until last seen open: close it at the source or correct it"),
    )
    return tuple(Oddity("incidents", *o) for o in looked_for)


def _backups() -> tuple[Oddity, ...]:
    looked_for = (
        ("finished before it started", _before("finished_at", "started_at"), "its run time is not used"),
        ("holds data from after it finished", _before("finished_at", "recovery_point_at"), "a clock is wrong"),
        ("completed, but no log says when", _null("finished_at", status="completed"), "its run time is unknown"),
        ("outcome not known to the export", _null("status"), "taken as completed"),
        (
            "the moment of its data is not stated",
            _null("recovery_point_at", status="completed"),
            "its start is assumed",
        ),
    )
    return tuple(Oddity("backups", *o) for o in looked_for)


def _recoveries() -> tuple[Oddity, ...]:
    early = _before("service_restored_at", "disrupted_at")
    return (Oddity("recoveries", "restored before the disruption", early, "not evaluable"),)


def _others() -> tuple[Oddity, ...]:
    changed, seen = _before("finished_at", "started_at"), _before("until_at", "from_at")
    return (
        Oddity("changes", "finished before it started", changed, "its end is not used"),
        Oddity("states", "left before it was entered", seen, "no time is counted for it"),
    )


ODDITIES = (*_incidents(), *_backups(), *_recoveries(), *_others())


def measure_oddities(logs) -> pd.DataFrame:
    """How many rows have what oddity.

    Parameters
    ----------
    logs : Logs

    Returns
    -------
    DataFrame
        One row per oddity found: table, what, n, share (of the table's rows), example (an id), effect.
    """
    found = [_count(logs, oddity) for oddity in ODDITIES]
    zones = logs.exports[logs.exports["timezone_assumed"].notna()]
    if len(zones):
        named = ", ".join(sorted(zones["timezone_assumed"].unique()))
        what = f"times without a zone, read as {named}"
        found.append(("exports", what, len(zones), len(zones) / len(logs.exports), zones["origin"].iloc[0], "assumed"))
    found.append(_ahead(logs.exports))
    found += [_future(table, rows) for table, rows in logs.tables.get("ahead", _NONE_AHEAD).groupby("table")]
    found += [_lacking(table, rows) for table, rows in logs.incomplete.groupby("table")]
    columns = ["table", "what", "n", "share", "example", "effect"]
    return pd.DataFrame([f for f in found if f[2]], columns=columns)


def _ahead(exports: pd.DataFrame) -> tuple:
    """Exports that speak of a moment a year or more after all others: a mistyped date moves the whole report there."""
    times = exports.dropna(subset="observed_at").sort_values("observed_at", ascending=False)
    gap = times["observed_at"].diff(-1) if len(times) > 1 else pd.Series([], dtype="timedelta64[us]")
    last = int(gap.ge(FAR_AHEAD).to_numpy().argmax()) if gap.ge(FAR_AHEAD).any() else -1
    here = times.head(last + 1) if 0 <= last < len(times) / 2 else times.head(0)
    what = "speaks of a moment a year or more after all others"
    effect = "the report is as of then: mend the date, or give --as-of"
    return "exports", what, len(here), len(here) / max(len(exports), 1), next(iter(here["origin"]), ""), effect


def _count(logs, oddity: Oddity) -> tuple:
    rows = logs.tables[oddity.table]
    key = "component" if oddity.table == "states" else TABLES[oddity.table].key[0]
    rows = rows.drop_duplicates(["product", *(TABLES["states"].key if oddity.table == "states" else (key,))])
    here = rows[oddity.found(rows, logs.as_of).fillna(False).astype(bool)]
    example = str(here[key].iloc[0]) if len(here) else ""
    return oddity.table, oddity.what, len(here), len(here) / max(len(rows), 1), example, oddity.effect


def _future(table: str, rows: pd.DataFrame) -> tuple:
    what, effect = "begins after its own export was made", "left out until then: a clock or a stated zone is wrong"
    return table, what, int(rows["n"].sum()), None, str(rows["example"].iloc[0]), effect


def _lacking(table: str, rows: pd.DataFrame) -> tuple:
    lacks = ", ".join(sorted(rows["lacks"].unique()))
    return table, f"incomplete: lacks {lacks}", len(rows), None, str(rows["key"].iloc[0]), "not counted"
