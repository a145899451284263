"""Services and what they need: a diagram, what improving each part buys, a table and a sentence."""

from collections import Counter

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import VERDICTS, DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.layers import place_nodes
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show, show_interval

_NOTHING = "The catalogue states no depends_on."
_NODES_AT_MOST, _ABREAST = 40, 7
_WIDE, _HIGH, _LAYER = 1.9, 0.62, 1.3  # a node, and how far layers lie apart


@keeps_data
def plot_dependencies(edges: pd.DataFrame, availability: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """What needs what, in layers: an arrow points at what is needed, which stands further down.

    Parameters
    ----------
    edges : DataFrame
        As `continuity_analysis.dependency_edges` returns it. Of more than 40 services the lowest and those next to
        them are drawn.
    availability : DataFrame
        As `continuity_analysis.availability` returns it: each service's own availability and verdict.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    with style.applied():
        if edges.empty:
            return style.say_empty(style.axes_for(ax, height=2), _NOTHING)
        every = len({*edges["service"], *edges["depends_on"]})
        edges = _round_the_lowest(edges, availability) if every > _NODES_AT_MOST else edges
        places, ways = place_nodes(zip(edges["service"], edges["depends_on"], strict=True))
        high = max(y for _, y in places.values())
        ax = style.axes_for(ax, height=1.9 + 1.15 * high)
        for way in ways.values():
            _arrow(ax, way)
        known = availability.set_index("service")
        used = [_node(ax, name, place, known) for name, place in places.items()]
        ax.set_axis_off()
        across = [x for way in ways.values() for x, _ in way] + [x for x, _ in places.values()]
        middle, wide = (min(across) + max(across)) / 2, max(max(across) - min(across), 6.0)
        ax.set_xlim(middle - wide / 2 - 1.1, middle + wide / 2 + 1.1)
        ax.set_ylim(-0.95, _LAYER * high + 0.5)
        if len(places) < every:
            ax.set_title(f"What needs what: {len(places)} of {every} services, the lowest and those next to them")
        else:
            ax.set_title("What needs what, and the availability of each by itself")
        _legend(ax, [v for v in style.VERDICTS if v in used])
    return ax


def _round_the_lowest(edges: pd.DataFrame, availability: pd.DataFrame) -> pd.DataFrame:
    """Edges of the services with the lowest availability, each with what it needs and what needs it, while they fit.

    Of one that has more of these than fit, the lowest are taken.
    """
    known = availability.sort_values("availability", kind="stable")["service"].to_list()
    order = [*known, *sorted({*edges["service"], *edges["depends_on"]} - {*known})]
    place = {name: number for number, name in enumerate(order)}
    kept: set[str] = set()
    for name in order:
        here = edges[(edges["service"] == name) | (edges["depends_on"] == name)]
        nearest = sorted({*here["service"], *here["depends_on"]} - {name}, key=lambda n: place.get(n, len(place)))
        found = kept | {name, *nearest[: _ABREAST - 1]} if len(nearest) else kept
        if _widest(_among(edges, found)) > _ABREAST:
            break
        kept = found
    return _among(edges, kept)


def _among(edges: pd.DataFrame, names: set[str]) -> pd.DataFrame:
    return edges[edges["service"].isin(names) & edges["depends_on"].isin(names)]


def _widest(edges: pd.DataFrame) -> int:
    """How many services stand beside each other in the fullest layer."""
    if edges.empty:
        return 0
    places, _ = place_nodes(zip(edges["service"], edges["depends_on"], strict=True))
    return max(Counter(layer for _, layer in places.values()).values())


@keeps_data
def plot_gains(gains: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Hours a year won if a part never failed: in its own service, and in those that need it.

    Parameters
    ----------
    gains : DataFrame
        As `continuity_analysis.improvement_gains` returns it; its rows of depends_on are shown.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows = gains[(gains["kind"] == "depends_on") & gains["hours_per_year_won"].notna()]
    with style.applied():
        if rows.empty:
            return style.say_empty(style.axes_for(ax, height=2), "No service and its needs were known together.")
        sums = rows.pivot_table(index="part", columns="own", values="hours_per_year_won", aggfunc="sum", fill_value=0.0)
        sums = sums.reindex(columns=[True, False], fill_value=0.0)
        known = len(sums)
        sums = sums.loc[sums.sum(axis=1).sort_values(ascending=False).index[: style.ROWS_AT_MOST]]
        ax = style.axes_for(ax, height=style.height_of_rows(len(sums)) + 0.4)
        y, own, others = np.arange(len(sums)), sums[True].to_numpy(), sums[False].to_numpy()
        ax.barh(y, own, height=0.62, color=style.BLUE, label="in the service itself")
        ax.barh(y, others, left=own, height=0.62, color=style.AMBER, label="in the services that need it")
        counts = rows[~rows["own"].astype(bool)].groupby("part").size().reindex(sums.index, fill_value=0)
        for place, (total, n) in enumerate(zip(own + others, counts, strict=True)):
            words = show(total, "hours") + (f" (needed by {n})" if n else "")
            ax.annotate(words, (total, place), (6, 0), textcoords="offset points", va="center", color=style.MUTED)
        style.name_rows(ax, sums.index.to_list())
        ax.set_xlim(0, max((own + others).max() * 1.3, 1e-9))
        ax.set_xlabel("hours a year, weighted by impact, summed over services")
        ax.set_title("What it would buy if one service never failed")
        style.say_left_out(ax, len(sums), known, which="largest")
        style.legend_below(ax, ncols=2)
    return ax


def dependencies_table(dependencies: pd.DataFrame) -> DisplayTable:
    """Services together with what they need: measured, as if independent, and their ratio."""
    columns = {
        "service": ("Service", "text"),
        "parts": ("Parts", "text"),
        "needs": ("Down when", "text"),
        "own_availability": ("By itself", "ratio"),
        "measured_availability": ("Whole, measured", "ratio"),
        "predicted_availability": ("Whole, if independent", "ratio"),
        "ratio": ("Dependence ratio", "text"),
        "n_joint": ("Joint outages", "count"),
        "joint_hours": ("Joint hours", "hours"),
        "reason": ("Why no ratio", "text"),
    }
    rows = dependencies.assign(
        needs=np.where(dependencies["kind"] == "depends_on", "any is down", _fewer(dependencies)),
        ratio=[show(None, "text") if pd.isna(r) else f"{r:.3g}" for r in dependencies["dependence_ratio"]],
    )
    caption = "Services together with what they need" if len(rows) else _NOTHING
    return display_table(rows, columns, caption=caption)


def dependencies_sentence(dependencies: pd.DataFrame, gains: pd.DataFrame) -> Sentence:
    """How much availability needing others costs where it costs most, and which part buys most."""
    known = dependencies[(dependencies["kind"] == "depends_on") & dependencies["measured_availability"].notna()]
    if known.empty:
        return Sentence(_NOTHING if dependencies.empty else "No service was known together with all it needs.")
    lost = known["own_availability"] - known["measured_availability"]
    worst = known.loc[lost.idxmax()]
    own, whole = (show(worst[c], "ratio") for c in ("own_availability", "measured_availability"))
    text = f"**{worst['service']}** by itself was up {own} of the time, together with what it needs {whole}"
    won = gains[gains["kind"] == "depends_on"].groupby("part")["hours_per_year_won"].sum()
    if won.max() > 0:
        first = show_interval(won.max(), None, None, unit="hours")
        text += f". Most would be won with **{won.idxmax()}**: {first} a year over all services if it never failed"
    return Sentence(f"{text}, as if parts failed independently." if won.max() > 0 else f"{text}.")


def _fewer(dependencies: pd.DataFrame) -> pd.Series:
    required, parts = (dependencies[c].astype(int).astype("str") for c in ("required", "n_parts"))
    return "fewer than " + required + " of " + parts + " are up"


def _arrow(ax: Axes, way: list[tuple[float, int]]) -> None:
    """A line through the places of a way, upright where it leaves, passes a layer and arrives."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    half = _HIGH / 2
    x, y = way[0][0], _LAYER * way[0][1] - half
    points, codes = [(x, y)], [Path.MOVETO]
    for to_x, to_layer in way[1:]:
        last = (to_x, to_layer) == way[-1]
        top, bottom = _LAYER * to_layer + half, _LAYER * to_layer - half
        middle = (y + top) / 2
        points += [(x, middle), (to_x, middle), (to_x, top)] + ([] if last else [(to_x, bottom)])
        codes += [Path.CURVE4] * 3 + ([] if last else [Path.LINETO])
        x, y = to_x, bottom
    arrow = {"arrowstyle": "-|>", "mutation_scale": 12, "shrinkA": 0, "shrinkB": 1, "zorder": 1}
    ax.add_patch(FancyArrowPatch(path=Path(points, codes), color=style.MUTED, linewidth=1.1, **arrow))


def _node(ax: Axes, name: str, place: tuple[float, int], known: pd.DataFrame) -> str:
    """One service; returns its verdict."""
    from matplotlib.patches import FancyBboxPatch

    x, y = place[0], _LAYER * place[1]
    row = known.loc[name] if name in known.index else pd.Series({"availability": None, "verdict": "NOT_SET"})
    colour = style.VERDICTS[row["verdict"]]
    box = FancyBboxPatch(
        (x - _WIDE / 2, y - _HIGH / 2), _WIDE, _HIGH, boxstyle="round,pad=0,rounding_size=0.1", linewidth=2.2,
        edgecolor=colour, facecolor=style.PAPER, zorder=2,
    )  # fmt: skip
    ax.add_patch(box)
    ax.text(x, y + 0.11, name if len(name) <= 18 else name[:17] + "…", ha="center", va="center", fontsize=10, zorder=3)
    shown = "unknown" if pd.isna(row["availability"]) else show(row["availability"], "ratio")
    ax.text(x, y - 0.14, shown, ha="center", va="center", fontsize=10, fontweight="bold", color=style.INK, zorder=3)
    return row["verdict"]


def _legend(ax: Axes, used: list[str]) -> None:
    from matplotlib.patches import Patch

    keys = [Patch(facecolor=style.PAPER, edgecolor=style.VERDICTS[v], linewidth=2.2, label=VERDICTS[v]) for v in used]
    ax.legend(handles=keys, loc="lower center", bbox_to_anchor=(0.5, -0.02), ncols=len(keys))
