"""What do the answers rest on? What was read, what was set aside, and what is missing for which answer."""

import json

import pandas as pd

from continuity_analysis.measurements.clock import to_hours
from continuity_analysis.measurements.coverage import measure_coverage
from continuity_analysis.measurements.intervals import lengths
from continuity_analysis.measurements.local_times import measure_local_times
from continuity_analysis.measurements.missing import measure_missing
from continuity_analysis.measurements.oddities import measure_oddities
from continuity_analysis.measurements.records import measure_endings, measure_listings, measure_stated
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.store.unread import SAME_CONTENT

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
        unread : reason, n, example (a file): those that gave nothing.
        repeats : table, format, rows, keys, in_several, within_one, what_counts: records that were read more than once.
        local_times : format, zone, n, twice, never.
        endings : table, product, n, ended, no_moment, going_on, other, unknown.
        stated : table, product, column, n, n_stated.
        listings : product, scope, n, from_at, until_at, longest_gap_hours, complete, n_backups.
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
        "unread": _unread(logs),
        "repeats": _repeats(logs),
        "local_times": measure_local_times(logs),
        "endings": measure_endings(logs),
        "stated": measure_stated(logs),
        "listings": measure_listings(logs),
        "oddities": measure_oddities(logs),
        "unclaimed": logs.unclaimed,
        "missing": measure_missing(logs, coverage),
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


def _unread(logs) -> pd.DataFrame:
    copies = logs.skipped["reason"].str.startswith(SAME_CONTENT)
    reasons = logs.skipped.assign(reason=logs.skipped["reason"].mask(copies, f"{SAME_CONTENT} another file"))
    grouped = reasons.groupby("reason", as_index=False).agg(n=("file", "size"), example=("file", "first"))
    return grouped.sort_values(["n", "reason"], ascending=[False, True], ignore_index=True)


def _repeats(logs) -> pd.DataFrame:
    """Histories of events say many things of one record, and are joined; of all else the newest speaks."""
    versions = logs.versions
    again = versions[(versions["in_several"] > 0) | (versions["within_one"] > 0)]
    histories = set(logs.exports.loc[logs.exports["export_kind"] == "events", "format"])
    what = ["all, joined column by column" if f in histories else "the newest" for f in again["format"]]
    return again.drop(columns="product").assign(what_counts=what).reset_index(drop=True)


def _coverage(logs) -> pd.DataFrame:
    services = measure_services(logs)
    watched = measure_coverage(logs, services)
    stretches = pd.DataFrame({"code": watched.group, "from_at": watched.start, "until_at": watched.end})
    ends = stretches.groupby("code").agg(from_at=("from_at", "min"), until_at=("until_at", "max"))
    ends = ends.reindex(range(len(services)))
    hours = to_hours(lengths(watched, len(services)))
    moments = {c: pd.to_datetime(ends[c], unit="us", utc=True) for c in ends}
    frame = services[["service", "tier"]].assign(watched_hours=hours, **moments)
    return frame.sort_values(["watched_hours", "service"], ignore_index=True)
