"""What do the answers rest on? What was read, what was set aside, and what is missing for which answer."""

import json

import pandas as pd

from continuity_analysis.measurements.clock import to_hours
from continuity_analysis.measurements.coverage import measure_coverage
from continuity_analysis.measurements.intervals import lengths
from continuity_analysis.measurements.oddities import measure_oddities
from continuity_analysis.measurements.services import measure_services

FILES = [
    "file", "format", "export_kind", "scope", "records", "used", "ignored", "rejected", "covers_from_at",
    "covers_until_at", "timezone_assumed", "reason",
]  # fmt: skip


def data_quality(logs) -> dict[str, pd.DataFrame]:
    """Everything a reader should know before trusting an answer.

    Parameters
    ----------
    logs : Logs

    Returns
    -------
    dict of DataFrame
        files : one row per file: format, records = used + ignored + rejected, what it vouches for; files that no
        format claims with the reason.
        rejects : table, reason, n, file, record_no and raw of the first.
        ignored : format, reason, n.
        coverage : service, watched_hours, from_at, until_at, n_products.
        oddities : table, what, n, share, example, effect.
        unclaimed : kind, name, product, n.
        missing : question, missing, n, examples, add (what to export or state).
    """
    coverage = _coverage(logs)
    return {
        "files": _files(logs),
        "rejects": _rejects(logs),
        "ignored": _ignored(logs),
        "coverage": coverage,
        "oddities": measure_oddities(logs),
        "unclaimed": logs.unclaimed,
        "missing": _missing(logs, coverage),
    }


def _files(logs) -> pd.DataFrame:
    read = logs.exports.rename(columns={"origin": "file"}).assign(reason=pd.Series(dtype="str"))[FILES]
    skipped = logs.skipped.reindex(columns=FILES)
    counts = ["records", "used", "ignored", "rejected"]
    files = pd.concat([read, skipped.astype(read.dtypes)], ignore_index=True)
    files[counts] = files[counts].fillna(0)
    return files.sort_values(["rejected", "file"], ascending=[False, True], ignore_index=True)


def _rejects(logs) -> pd.DataFrame:
    named = logs.rejects.merge(logs.exports[["export_id", "origin"]], on="export_id", how="left")
    grouped = named.groupby(["table", "reason"], as_index=False, dropna=False)
    first = {"n": ("record_no", "size"), "file": ("origin", "first"), "record_no": ("record_no", "first")}
    return grouped.agg(**first, raw=("raw", "first")).sort_values("n", ascending=False, ignore_index=True)


def _ignored(logs) -> pd.DataFrame:
    stated = logs.exports[["format", "ignored_reasons"]].dropna()
    rows = [(f, why, n) for f, text in stated.itertuples(index=False) for why, n in json.loads(text).items()]
    counts = pd.DataFrame(rows, columns=["format", "reason", "n"])
    return counts.groupby(["format", "reason"], as_index=False)["n"].sum().sort_values("n", ascending=False)


def _coverage(logs) -> pd.DataFrame:
    services = measure_services(logs)
    watched = measure_coverage(logs, services)
    stretches = pd.DataFrame({"code": watched.group, "from_at": watched.start, "until_at": watched.end})
    ends = stretches.groupby("code").agg(from_at=("from_at", "min"), until_at=("until_at", "max"))
    ends = ends.reindex(range(len(services)))
    hours = to_hours(lengths(watched, len(services)))
    moments = {c: pd.to_datetime(ends[c], unit="us", utc=True) for c in ends}
    frame = services[["service", "tier"]].assign(watched_hours=hours, **moments)
    return frame.sort_values("watched_hours", ignore_index=True)


def _missing(logs, coverage: pd.DataFrame) -> pd.DataFrame:
    rows = [*_missing_availability(logs, coverage), *_missing_recovery(logs)]
    columns = ["question", "missing", "names", "add"]
    frame = pd.DataFrame([r for r in rows if r[2]], columns=columns)
    examples = [", ".join(n[:3]) + (", …" if len(n) > 3 else "") for n in frame["names"]]
    frame = frame.assign(n=[len(n) for n in frame["names"]], examples=examples)
    return frame[["question", "missing", "n", "examples", "add"]]


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
    listed = logs.exports[(logs.exports["export_kind"] == "listing") & logs.exports["complete"].isna()]
    once = sorted(listed["scope"].fillna(listed["product"]).unique())
    yield "recovery_point", "listings not declared complete", once, "complete: true in sources, so that removal shows"
    rto = "a row in the drills CSV for each drill"
    yield from _missing_promises(logs, "rto", "recoveries", "services with an RTO and no recovery on record", rto)


def _missing_promises(logs, objective: str, table: str, words: str, add: str = "an access log"):
    question = {"requests": "availability", "rpo": "recovery_point", "rto": "recovery_time"}[objective]
    promised = [n for n, s in logs.catalog.services.items() if getattr(s.objectives, objective) is not None]
    seen = set(logs.tables[table]["service"].dropna()) if "service" in logs.tables[table] else set()
    yield question, words, [n for n in promised if n not in seen], add


def _names(rows: pd.DataFrame) -> list[str]:
    return sorted(rows["service"].dropna().unique())
