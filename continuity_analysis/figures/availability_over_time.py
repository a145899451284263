"""Availability window by window: small multiples, a table and a sentence."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.availability import nines
from continuity_analysis.figures.display_tables import DisplayTable
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show, show_interval

PANELS, COLUMNS, WINDOWS = 12, 3, 13  # a year of months and the one before
_TICKS = (90, 99, 99.9, 99.99)
_UNKNOWN, _REST = "#c4ccd4", "#dfe4e9"


@keeps_data
def plot_availability_over_time(
    over_time: pd.DataFrame, *, n: int = PANELS, others: bool = False, ax: Axes | None = None
) -> Axes:
    """Availability per service over time with its bounds as a band, the objective as a line, grey where unknown.

    Parameters
    ----------
    over_time : DataFrame
        As `continuity_analysis.availability_over_time` returns it. The services with the lowest availability over all
        windows are drawn, each in a panel of its own; of windows that overlap (rolling ones) each stands at its end.
    n : int
        Services drawn at most.
    others : bool
        One more panel with the band in which all other services lie, and their availability taken together.
    ax : Axes, optional
        The panels are drawn within it.

    Returns
    -------
    Axes
    """
    names = _lowest(over_time)
    with style.applied():
        shown = names[:n]
        several = others and len(names) > len(shown)
        columns = min(COLUMNS, max(len(shown) + several, 1))
        rows = -(-(len(shown) + several) // columns)
        ax = style.axes_for(ax, height=1.7 + 1.75 * max(rows, 1))
        if not len(names):
            return style.say_empty(ax, "No service has a source that watched it in this period.")
        ax.set_axis_off()
        one = over_time[over_time["service"] == shown[0]].sort_values("end")
        span = one["end" if _overlap(one) else "start"].min(), over_time["end"].max()
        for i, name in enumerate(shown):
            panel = ax.inset_axes(_place(i, rows, columns))
            _panel(panel, over_time[over_time["service"] == name], name, span=span)
            _axes(panel, first=i % columns == 0, last=i + columns >= len(shown) + several)
        if several:
            panel = ax.inset_axes(_place(len(shown), rows, columns))
            _others(panel, over_time[over_time["service"].isin(names[n:])], span=span)
            _axes(panel, first=len(shown) % columns == 0, last=True)
        ax.set_title(_title(len(shown), len(names), over_time["service"].nunique()), pad=26)
        _legend(ax, over_time[over_time["service"].isin(shown)])
    return ax


def over_time_table(over_time: pd.DataFrame, *, n: int = 30) -> DisplayTable:
    """Availability per service and window, the lowest services first; the newest 13 windows.

    A cell says what share of the agreed hours was watched, where that is not all of them; a dash is unknown, and "not
    agreed" a window without agreed hours.
    """
    names = [*_lowest(over_time), *sorted(set(over_time["service"]) - set(_lowest(over_time)))]
    windows = over_time.sort_values("end")["window"].unique()
    shown = windows[-WINDOWS:]
    cells = over_time.assign(cell=[_cell(*row) for row in over_time[_CELL].itertuples(index=False)])
    text = cells.pivot(index="service", columns="window", values="cell").reindex(index=names[:n], columns=shown)
    values = cells.pivot(index="service", columns="window", values="availability").reindex_like(text)
    caption = "Availability over time, lowest first"
    caption += f", the newest {len(shown)} of {len(windows)} windows" if len(shown) < len(windows) else ""
    caption += f", {len(text)} of {len(names)} services" if len(text) < len(names) else ""
    return DisplayTable(
        caption=caption if len(over_time) else "No window of this period has begun",
        columns=("Service", *shown),
        rows=tuple((name, *row) for name, row in zip(text.index, text.to_numpy().tolist(), strict=True)),
        values=tuple((None, *row) for row in values.to_numpy().tolist()),
    )


def over_time_sentence(over_time: pd.DataFrame) -> Sentence:
    """How many windows lay below the objective even at best; which was the lowest of those watched half the time."""
    known = over_time[over_time["availability"].notna()]
    if known.empty:
        return Sentence("No source watched any service in any window: availability over time is unknown.")
    unplanned = known["judged"] == "unplanned"
    best = known["high"].mask(unplanned, known["unplanned_high"])
    promised = known["objective"].notna()
    text = f"{over_time['window'].nunique()} windows of {known['service'].nunique()} services were watched at some time"
    if promised.any():
        below = int((best < known["objective"] - 1e-12)[promised].sum())
        text += f"; **{below} of {int(promised.sum())}** that have an objective lay below it even at best"
    watched = known[known["coverage"] >= 0.5]
    lowest = (watched if len(watched) else known).sort_values("availability", kind="stable").iloc[0]
    if lowest["availability"] < 1:
        shown = show_interval(lowest["availability"], lowest["low"], lowest["high"], unit="ratio")
        text += f". The lowest was **{lowest['service']}** in {lowest['window']} at {shown}"
    return Sentence(text + ". An objective is judged over its period, not by window.")


_CELL = ["availability", "coverage", "agreed_hours"]


def _cell(availability: float, coverage: float, agreed: float) -> str:
    if not agreed > 0:
        return "not agreed"
    return show(availability, "ratio") + (f", {show(coverage, 'share')} watched" if 0 < coverage < 0.995 else "")


def _lowest(over_time: pd.DataFrame) -> list[str]:
    """Services that were watched at some time, the lowest availability over all windows first."""
    watched = over_time["agreed_hours"] - over_time["unknown_hours"]
    total = pd.DataFrame({"service": over_time["service"], "down": over_time["down_hours"], "known": watched})
    total = total.groupby("service")[["down", "known"]].sum()
    total = total[total["known"] > 0]
    return (total["down"] / total["known"]).sort_values(ascending=False, kind="stable").index.to_list()


def _place(i: int, rows: int, columns: int) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of a panel within its parent."""
    width, height = 1 / columns, 1 / rows
    return (i % columns) * width + 0.02, 1 - (i // columns + 1) * height + 0.13 * height, width - 0.055, 0.7 * height


def _others(panel: Axes, rows: pd.DataFrame, *, span: tuple) -> None:
    """The band in which some services lie, window by window, and their availability taken together."""
    rows = rows[rows["availability"].notna()]
    known = rows["agreed_hours"] - rows["unknown_hours"]
    windows = rows.assign(known=known).groupby(["start", "end"], as_index=False)
    ends = windows.agg(low=("availability", "min"), high=("availability", "max"), down=("down_hours", "sum"),
                       known=("known", "sum"))  # fmt: skip
    edges = ends[["start", "end"]].apply(lambda c: c.dt.tz_convert(None)).to_numpy().ravel()
    low, together, high = (
        np.repeat(nines(x), 2) for x in (ends["low"], 1 - ends["down"] / ends["known"], ends["high"])
    )
    panel.fill_between(edges, low, high, color=_REST, linewidth=0)
    panel.plot(edges, together, color=style.MUTED, linewidth=1.4)
    title = f"the other {rows['service'].nunique()}: all, and together"
    panel.set_title(title, fontsize=10, pad=4, fontweight="normal")
    panel.set_xlim(*(m.tz_convert(None) for m in span))


def _overlap(rows: pd.DataFrame) -> bool:
    """Whether the windows of one service overlap, as rolling ones do."""
    return bool((rows["start"].to_numpy()[1:] < rows["end"].to_numpy()[:-1]).any())


def _panel(panel: Axes, rows: pd.DataFrame, name: str, *, span: tuple) -> None:
    rows = rows.sort_values("end")
    start, end = (rows[c].dt.tz_convert(None).to_numpy() for c in ("start", "end"))
    if _overlap(rows):  # each stands at its end, until the next one
        start, end = end, np.append(end[1:], end[-1] + (end[-1] - end[-2]))
    low, high, point = (nines(rows[c]) for c in ("low", "high", "availability"))
    unknown = rows["availability"].isna() & (rows["agreed_hours"] > 0)
    for a, b in zip(start[unknown], end[unknown], strict=True):
        panel.axvspan(a, b, color=_UNKNOWN, linewidth=0)
    edges, known = np.column_stack([start, end]).ravel(), rows["availability"].notna().to_numpy()
    steps = [np.repeat(np.where(known, x, np.nan), 2) for x in (low, high, point)]
    panel.fill_between(edges, steps[0], steps[1], color=style.SKY, alpha=0.45, linewidth=0)
    panel.plot(edges, steps[2], color=style.BLUE, linewidth=1.4)
    objective = rows["objective"].dropna()
    if len(objective):
        panel.axhline(nines(objective)[0], color=style.INK, linestyle="--", linewidth=1.1)
    panel.set_title(name if len(name) <= 32 else f"{name[:15]}…{name[-15:]}", fontsize=10, pad=4, fontweight="normal")
    panel.set_xlim(*(m.tz_convert(None) for m in span))


def _axes(panel: Axes, *, first: bool, last: bool) -> None:
    panel.set_ylim(0.92, 5.12)
    panel.set_yticks([*nines(np.array(_TICKS) / 100), 5], ["≤ 90 %", *(f"{t} %" for t in _TICKS[1:]), "≥ 99.999 %"])
    panel.tick_params(labelsize=8, labelleft=first, labelbottom=last)
    style.time_axis(panel)
    panel.xaxis.get_major_locator().maxticks = dict.fromkeys(panel.xaxis.get_major_locator().maxticks, 5)
    panel.xaxis.get_offset_text().set_visible(last)
    panel.xaxis.get_offset_text().set_fontsize(8)


def _legend(ax: Axes, rows: pd.DataFrame) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    marks = [
        Line2D([], [], color=style.BLUE, label="achieved"),
        Patch(color=style.SKY, alpha=0.45, label="bounds: time nobody watched"),
    ]
    if (rows["availability"].isna() & (rows["agreed_hours"] > 0)).any():
        marks.append(Patch(color=_UNKNOWN, label="unknown: nobody watched"))
    if rows["objective"].notna().any():
        marks.insert(1, Line2D([], [], color=style.INK, linestyle="--", linewidth=1.1, label="objective"))
    ax.legend(handles=marks, loc="lower center", bbox_to_anchor=(0.5, 0.99), ncols=len(marks), fontsize=9)


def _title(shown: int, known: int, every: int) -> str:
    which = "" if shown == known else f", the {shown} lowest of {known} services"
    unknown = every - known
    return f"Availability over time{which}" + (f" ({unknown} more not watched: unknown)" if unknown else "")
