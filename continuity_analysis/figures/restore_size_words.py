"""How long restores take for the size of the data, in words: tables and a sentence."""

import pandas as pd

from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show, show_interval


def restore_size_table(sizes: pd.DataFrame) -> DisplayTable:
    """Per asset: today's size, how long its restore takes, and when growth carries it past the RTO."""
    rows = sizes.assign(
        exponent_words=[_exponent(r) for r in sizes.itertuples()],
        next=[_range_of(r) for r in sizes.itertuples()],
        growth_words=[_growth(r) for r in sizes.itertuples()],
        date=[date_words(r) for r in sizes.itertuples()],
        chance=sizes["chance"].round(2),
    )
    columns = {
        "asset": ("Data", "text"),
        "services": ("Services", "text"),
        "n": ("Restores", "count"),
        "n_failed": ("Failed", "count"),
        "size_bytes": ("Size today", "bytes"),
        "exponent_words": ("Exponent (95 % interval)", "text"),
        "median_hours": ("Median restore", "hours", "low", "high"),
        "next": ("Next one, 95 %", "text"),
        "allowed_hours": ("Left of the RTO", "hours"),
        "chance": ("Chance to keep to it", "share"),
        "growth_words": ("Growth a year", "text"),
        "date": ("Past the RTO", "text"),
    }
    rows = rows.assign(allowed_hours=rows["allowed_hours"].where(rows["objective"].notna()))
    caption = "How long the data takes to restore at today's size" if len(rows) else "No restore and no backup was seen"
    return display_table(rows, columns, caption=caption)


def throughput_table(throughput: pd.DataFrame) -> DisplayTable:
    """Throughput of restores per group, in megabytes a second."""
    names = {"asset": "Data", "service": "Service", "kind": "Kind", "method": "Backup", "location": "Location"}
    cells = {q: [_speed(*t) for t in zip(*(throughput[c] for c in (q, f"{q}_low", f"{q}_high")), strict=True)]
             for q in ("p10", "median", "p90")}  # fmt: skip
    keys = {k: (v, "text") for k, v in names.items() if k in throughput}
    columns = keys | {
        "n": ("Restores", "count"),
        "n_censored": ("Not ended", "count"),
        "size_bytes": ("Largest", "bytes"),
        "p10": ("Slow (P10) [MB/s]", "text"),
        "median": ("Median [MB/s]", "text"),
        "p90": ("Fast (P90) [MB/s]", "text"),
        "reason": ("Why none", "text"),
    }
    if throughput["reason"].isna().all():
        del columns["reason"]
    caption = "How fast data was restored" if len(throughput) else "No restore of known size was seen"
    return display_table(throughput.assign(**cells), columns, caption=caption)


def restore_size_sentence(sizes: pd.DataFrame) -> Sentence:
    """Which restore takes longest at today's size, and the first that growth carries past its RTO."""
    known = sizes[sizes["median_hours"].notna()]
    if known.empty:
        return Sentence("No asset was restored often enough, at known sizes, to say how long its restore takes today.")
    slow = known.loc[known["median_hours"].idxmax()]
    median = show_interval(slow["median_hours"], slow["low"], slow["high"], unit="hours")
    text = f"**{slow['asset']}** ({show(slow['size_bytes'], 'bytes')}) takes longest to restore: {median} in the median"
    text += f"; the next one will take {_range_of(slow)} (95 %)."
    late = sizes[sizes["exceeds_at"].notna()]
    if late.empty:
        return Sentence(f"{text} For no asset is there a date at which growth carries its restore past the RTO.")
    first = late.loc[late["exceeds_at"].idxmin()]
    return Sentence(f"{text} Growth carries **{first['asset']}** past its RTO: {date_words(first)}.")


def date_words(row) -> str:
    """When growth carries a restore past its RTO, with the range of dates; or why there is no date."""
    at, low, high = (getattr(row, c) for c in ("exceeds_at", "exceeds_from_at", "exceeds_until_at"))
    if pd.isna(at):
        return row.exceeds_reason if pd.notna(row.exceeds_reason) and pd.notna(row.objective) else show(None, "text")
    if pd.notna(row.exceeds_reason):
        return row.exceeds_reason
    begin = f"{low:%Y-%m}" if pd.notna(low) else "not known"
    end = f"{high:%Y-%m}" if pd.notna(high) else "later than can be foreseen"
    return f"{at:%Y-%m} ({begin} to {end})"


def _exponent(row) -> str:
    if pd.isna(row.exponent):
        return show(None, "text")
    return f"{row.exponent:.2f} ({row.exponent_low:.2f} to {row.exponent_high:.2f})"


def _range_of(row) -> str:
    if pd.isna(row.prediction_low):
        return show(None, "text")
    return f"{show(row.prediction_low, 'hours')} to {show(row.prediction_high, 'hours')}"


def _growth(row) -> str:
    if pd.isna(row.growth_per_year):
        return show(None, "text")
    return f"{row.growth_per_year:+.0%} ({row.growth_low:+.0%} to {row.growth_high:+.0%})".replace("%", " %")


def _speed(estimate: float, low: float, high: float) -> str:
    if pd.isna(estimate):
        return show(None, "text")
    limits = [f"{x:.3g}" for x in (low, high) if pd.notna(x)]
    words = {2: " to ".join(limits)}.get(len(limits), ("at least " if pd.isna(high) else "at most ") + "".join(limits))
    return f"{estimate:.3g} ({words})" if limits else f"{estimate:.3g}"
