"""The tables of the data-quality report: what was read, what was set aside, what is missing."""

import pandas as pd

from continuity_analysis.figures.display_tables import DisplayTable, display_table

QUESTIONS = {
    "availability": "Availability",
    "restoration": "Time to restore",
    "recovery_point": "Recovery points",
    "recovery_time": "Recovery times",
}


EXPORTS = {
    "events": ("history", "histories"),
    "window": ("window", "windows"),
    "listing": ("listing", "listings"),
    "open_only": ("of open ones", "of open ones"),
    "glance": ("glance", "glances"),
}


def files_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """What was read, source by source: records, what became of them, the span vouched for."""
    files = quality["files"]
    read = files[files["format"].notna()].fillna({"scope": ""})
    spans = {"covers_from_at": "min", "covers_until_at": "max"}
    counts = dict.fromkeys(("records", "used", "ignored", "rejected"), "sum")
    key = ["format", "scope", "export_kind"]
    rows = read.groupby(key, as_index=False).agg({"file": "size", **counts, **spans})
    pairs = zip(rows["file"], rows["export_kind"], strict=True)
    kinds = [f"{n} {EXPORTS[kind][n > 1]}".replace(" ", "\N{NO-BREAK SPACE}") for n, kind in pairs]
    names = [f"{f} ({_short(scope, 26)})" if scope else f for f, scope in rows[key[:2]].itertuples(index=False)]
    columns = {
        "what": ("Source", "text"),
        "files": ("Files", "text"),
        "records": ("Records", "count"),
        "used": ("Used", "count"),
        "ignored": ("Ignored", "count"),
        "rejected": ("Rejected", "count"),
        "covers_from_at": ("Vouches from", "moment"),
        "covers_until_at": ("until", "moment"),
    }
    rows = rows.assign(what=names, files=kinds)
    return display_table(rows, columns, caption="Sources, and what became of their records")


def unread_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """Files that gave nothing, and why."""
    columns = {"reason": ("Why", "text"), "n": ("Files", "count"), "example": ("Such as", "text")}
    caption = or_none("Files that were not read", quality["unread"])
    return display_table(quality["unread"], columns, caption=caption)


def repeats_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """Records that were read more than once, and what counts then."""
    columns = {
        "format": ("Source", "text"),
        "table": ("Table", "text"),
        "rows": ("Rows read", "count"),
        "keys": ("Different ones", "count"),
        "in_several": ("In several exports", "count"),
        "within_one": ("More than once in one", "count"),
        "what_counts": ("What counts", "text"),
    }
    return display_table(quality["repeats"], columns, caption=or_none("Read more than once", quality["repeats"]))


def rejects_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """Why records were rejected, with one example each."""
    rows = quality["rejects"].assign(raw=lambda r: [_short(t) for t in r["raw"]])
    columns = {
        "reason": ("Why", "text"),
        "n": ("Records", "count"),
        "file": ("First in", "text"),
        "record_no": ("Record", "count"),
        "raw": ("As it stands there", "text"),
    }
    return display_table(rows, columns, caption=or_none("Rejected records", rows))


def ignored_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """Which records say nothing here, and why."""
    columns = {"format": ("Kind of export", "text"), "reason": ("Why", "text"), "n": ("Records", "count")}
    return display_table(quality["ignored"], columns, caption=or_none("Ignored records", quality["ignored"]))


def coverage_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """Since when, until when and for how long each service was watched."""
    columns = {
        "service": ("Service", "text"),
        "from_at": ("Watched from", "moment"),
        "until_at": ("until", "moment"),
        "watched_hours": ("Time watched", "hours"),
    }
    return display_table(
        quality["coverage"], columns, caption=or_none("Who was watched, least first", quality["coverage"])
    )


def oddities_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """Contradictions and assumptions, with what they do to the answers."""
    columns = {
        "table": ("Table", "text"),
        "what": ("What", "text"),
        "n": ("Rows", "count"),
        "share": ("Share", "share"),
        "effect": ("Effect", "text"),
        "example": ("Such as", "text"),
    }
    rows = quality["oddities"].assign(example=lambda r: [_short(t, 24) for t in r["example"]])
    return display_table(rows, columns, caption=or_none("Oddities", rows))


def unclaimed_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """Components and assets that no service claims, most rows first."""
    columns = {
        "kind": ("Kind", "text"),
        "name": ("Name", "text"),
        "product": ("Seen in", "text"),
        "n": ("Rows", "count"),
    }
    rows = quality["unclaimed"].sort_values("n", ascending=False)
    return display_table(rows, columns, caption=or_none("Claimed by no service", rows))


def missing_table(quality: dict[str, pd.DataFrame]) -> DisplayTable:
    """What would have to be exported or stated to answer more."""
    columns = {
        "question": ("For", "text"),
        "missing": ("Missing", "text"),
        "n": ("How many", "count"),
        "examples": ("Such as", "text"),
        "add": ("What to add", "text"),
    }
    rows = quality["missing"].assign(question=lambda r: r["question"].map(QUESTIONS))
    return display_table(rows, columns, caption=or_none("What is missing, and what would mend it", rows))


def or_none(caption: str, rows: pd.DataFrame) -> str:
    """The caption, and that there is none where there is no row."""
    return caption if len(rows) else f"{caption}: none"


def _short(text: str, length: int = 110) -> str:
    text = " ".join(str(text).split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
