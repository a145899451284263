"""What is missing for which answer, and what would mend it."""

import pandas as pd

NOT_ONE = ["not one record"]


def measure_missing(logs, coverage: pd.DataFrame) -> pd.DataFrame:
    """What would have to be exported or stated to answer more.

    Parameters
    ----------
    logs : Logs
    coverage : DataFrame
        service and watched_hours of each service.

    Returns
    -------
    DataFrame
        question, missing, n, examples, add; first the questions that cannot be answered at all.
    """
    rows = [*_unanswerable(logs), *_missing_availability(logs, coverage), *_missing_recovery(logs)]
    columns = ["question", "missing", "names", "add"]
    frame = pd.DataFrame([r for r in rows if r[2]], columns=columns)
    listed = [[] if names == NOT_ONE else names for names in frame["names"]]
    examples = [", ".join(n[:3]) + (", …" if len(n) > 3 else "") for n in listed]
    frame = frame.assign(n=[len(n) for n in listed], examples=examples)
    return frame[["question", "missing", "n", "examples", "add"]]


def _unanswerable(logs):
    """Questions without a single record to rest on."""
    no = {name: [] if len(logs.tables[name]) else NOT_ONE for name in ("incidents", "states", "backups", "recoveries")}
    unwatched = no["incidents"] and no["states"]
    incidents = "incidents (PagerDuty, ServiceNow, a status page, …), or a table of your own mapped in sources"
    yield "availability", "cannot be answered: no incident and no state was read", unwatched, incidents
    yield "restoration", "cannot be answered: no incident was read", no["incidents"], incidents
    backups = "the backup tool's own listing (continuity formats says the command), daily"
    yield "recovery_point", "cannot be answered: no backup was read", no["backups"], backups
    drills = "docs/drills-template.csv with a row for each drill, or the tool's restore jobs"
    yield "recovery_time", "cannot be answered: no recovery and no drill was read", no["recoveries"], drills


def _missing_availability(logs, coverage: pd.DataFrame):
    unseen = coverage.loc[coverage["watched_hours"] == 0, "service"].to_list()
    yield "availability", "services that no source watches", unseen, "an export that names them, or watched_by"
    incidents = logs.incidents[logs.incidents["service"].notna() & ~logs.incidents["planned"].fillna(False)]
    vague = incidents[incidents["impact"].isna() & incidents["severity"].isna()]
    yield "availability", "services with incidents of unknown impact", _names(vague), "severity, or impact_by_severity"
    yield from _missing_promises(logs, "requests", "requests", "services with a promise on requests, none counted")
    untimed = incidents.groupby("service")["acknowledged_at"].count()
    silent = untimed.index[untimed == 0].to_list()
    yield "restoration", "services whose incidents have no acknowledgement", silent, "the pager's log entries"


def _missing_recovery(logs):
    rpo = "an export of their backups, and assets in services.yaml"
    yield from _missing_promises(logs, "rpo", "backups", "services with an RPO and no backup seen", rpo)
    backups = logs.backups[logs.backups["method"] != "log"]
    endless = backups.groupby("asset")["finished_at"].count()
    assets = endless.index[endless == 0].to_list()
    yield "recovery_point", "assets whose run times no export states", assets, "job logs, or a format that has them"
    untold = logs.backups.groupby("asset")["status"].count()
    silent = untold.index[untold == 0].to_list()
    yield "recovery_point", "assets whose outcomes no export states", silent, "job logs; until then taken as completed"
    listed = logs.exports[(logs.exports["export_kind"] == "listing") & logs.exports["complete"].isna()]
    once = sorted(listed["scope"].fillna(listed["product"]).unique())
    yield "recovery_point", "listings not declared complete", once, "complete: true in sources, so that removal shows"
    undated = logs.recoveries.groupby("service")["disrupted_at"].count()
    never = undated.index[undated == 0].to_list()
    yield "recovery_time", "services whose recoveries no log dates from the disruption", never, "the drills CSV"
    rto = "a row in the drills CSV for each drill"
    yield from _missing_promises(logs, "rto", "recoveries", "services with an RTO and no recovery on record", rto)


def _missing_promises(logs, objective: str, table: str, words: str, add: str = "an access log"):
    question = {"requests": "availability", "rpo": "recovery_point", "rto": "recovery_time"}[objective]
    promised = [n for n, s in logs.catalog.services.items() if getattr(s.objectives, objective) is not None]
    seen = set(logs.tables[table]["service"].dropna()) if "service" in logs.tables[table] else set()
    yield question, words, [n for n in promised if n not in seen], add


def _names(rows: pd.DataFrame) -> list[str]:
    return sorted(rows["service"].dropna().unique())
