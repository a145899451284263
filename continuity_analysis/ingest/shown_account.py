"""What became of every file that was read, as lines for a terminal."""

from io import StringIO

from rich.console import Console
from rich.table import Table

COUNTS = ("records", "used", "ignored", "rejected")
REASONS_AT_MOST = 40


def show_account(files: list[dict], width: int | None = None) -> str:
    """A row per file, the sums, then why records were rejected or ignored.

    Parameters
    ----------
    files : list of dict
        As `continuity_analysis.store.ingest` returns them.
    width : int, optional
        Of the terminal [characters]; found out if None.
    """
    table = Table(box=None, pad_edge=False)
    for heading in ("file", "format", *COUNTS, "what"):
        table.add_column(heading, justify="right" if heading in COUNTS else "left")
    for f in files:
        rows = ", ".join(f"{n:,} {name}" for name, n in f["rows"].items())
        table.add_row(str(f["file"]), f["format"] or "—", *(f"{f[c]:,}" for c in COUNTS), f["reason"] or rows)
    lines = StringIO()
    Console(file=lines, width=width).print(table)
    sums = ", ".join(f"{sum(f[c] for f in files):,} {c}" for c in COUNTS)
    return "\n".join([lines.getvalue().rstrip("\n"), f"{len(files)} files: {sums}", *_reasons(files), ""])


def _reasons(files: list[dict]) -> list[str]:
    """What was ignored or rejected and why, most frequent first."""
    found: dict[tuple[str, str], list[int]] = {}
    for f in files:
        for what in ("rejected", "ignored"):
            for reason, n in f[f"{what}_reasons"].items():
                entry = found.setdefault((what, reason), [0, 0])
                entry[0], entry[1] = entry[0] + n, entry[1] + 1
    most = sorted(found.items(), key=lambda item: (item[0][0] == "ignored", -item[1][0]))
    shown = most[:REASONS_AT_MOST]
    lines = [f"{what} {n:,} in {k:,} file{'s' * (k > 1)}: {reason}" for (what, reason), (n, k) in shown]
    more = len(most) - len(shown)
    return [*lines, f"and {more:,} more reasons: see --json"] if more > 0 else lines
