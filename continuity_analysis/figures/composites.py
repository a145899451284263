"""Verdicts of tiers and of services with all they need, and whether what is promised can be reached."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS, DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show

KINDS = ("all", "tier")
_NOTHING = "The catalogue states no depends_on."
_BEYOND = ("no", "only if failures coincide")
_YEAR = 8760.0
_LEAST = 1 / 60  # hours a year, where an availability of 100 % is drawn


def composites_glance(composites: pd.DataFrame, *, kinds: tuple[str, ...] = KINDS) -> DisplayTable:
    """Verdicts at a glance: a row per composite, a column per kind of objective, and how many services met it.

    Parameters
    ----------
    composites : DataFrame
        As `continuity_analysis.composite_scorecard` returns it.
    kinds : tuple of str
        Which of "all", "tier" and "depends_on" are shown.
    """
    rows = composites[composites["kind"].isin(kinds) & composites["verdict"].ne("NOT_SET")]
    asked = [o for o in OBJECTIVES if o in set(rows["objective"])]
    counted = rows[["verdict", "n_met", "n_services", "n_not_set"]].itertuples(index=False)
    words = [f"{VERDICTS[verdict]}, {met:,} of {n - unset:,} met" for verdict, met, n, unset in counted]
    cells = rows.assign(words=pd.array(words, dtype="str")).pivot(
        index=["kind", "composite"], columns="objective", values="words"
    )
    order = sorted(cells.index, key=lambda key: (kinds.index(key[0]), len(key[1]) if key[0] == "tier" else 0, key[1]))
    table = cells.reindex(index=order, columns=asked).fillna("")
    caption = "Worst verdict of the services together, and how many met it; empty where nothing is promised"
    return DisplayTable(
        caption=caption if len(table) else "No objective is set",
        columns=("Services", *(OBJECTIVES[o] for o in asked)),
        rows=tuple((name, *row) for (_, name), row in zip(table.index, table.to_numpy(), strict=True)),
        values=tuple((None,) * (len(asked) + 1) for _ in range(len(table))),
        verdict_columns=tuple(range(1, len(asked) + 1)),
    )


def composites_table(composites: pd.DataFrame, *, kinds: tuple[str, ...] = KINDS) -> DisplayTable:
    """Verdicts of composites with what they achieved together, by which rule, and which services decide.

    Parameters
    ----------
    composites, kinds
        As of `composites_glance`. Where no service has the objective there is no row.
    """
    rows = composites[composites["kind"].isin(kinds) & composites["verdict"].ne("NOT_SET")]
    columns = {
        "composite": ("Services" if kinds != ("depends_on",) else "Service with all it needs", "text"),
        "objective": ("Objective", "text"),
        "verdict": ("Verdict", "text"),
        "met": ("Met", "text"),
        "achieved": ("Achieved together", "unit"),
        "reason": ("Which", "text"),
    }
    met = [
        f"{met}\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}{n - unset}"
        for met, n, unset in rows[["n_met", "n_services", "n_not_set"]].to_numpy()
    ]
    caption = "Services together: the worst verdict; availability of all at once, of anything else the worst of them"
    rows = rows.assign(objective=rows["objective"].map(OBJECTIVES), met=pd.Series(met, rows.index, dtype="str"))
    return display_table(rows, columns, caption=caption if len(rows) else "No objective is set")


def composites_sentence(composites: pd.DataFrame) -> Sentence:
    """For how long all services were up at once, in all and by tier."""
    rows = composites[composites["kind"].isin(KINDS) & composites["objective"].eq("availability")]
    known = rows[rows["achieved"].notna()].sort_values(["kind", "composite"])
    if known.empty:
        return Sentence("Never was a source watching all services at once: what they achieved together is unknown.")
    said = [f"{r.composite} {show(r.achieved, 'ratio')} ({r.n_services} services)" for r in known.itertuples()]
    return Sentence("**All of them up at the same time, of the time known of all: " + "; ".join(said) + ".**")


@keeps_data
def plot_reachable(reachable: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Down time a year that services promise, beside that of all they need: as promised, and as it was.

    Parameters
    ----------
    reachable : DataFrame
        As `continuity_analysis.reachable_availability` returns it; services that promised nothing are left out, and at
        most 30 rows are shown.
    ax : Axes, optional
    """
    asked = reachable[reachable["target"].notna()]
    rows = asked.head(style.ROWS_AT_MOST).reset_index(drop=True)
    with style.applied():
        if rows.empty:
            sentence = _NOTHING if reachable.empty else "No service that needs others promised an availability."
            return style.say_empty(style.axes_for(ax, height=2), sentence)
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)) + 0.3)
        y, down = np.arange(len(rows)), {c: _down(rows[c]) for c in ("target", "promised_product", "achieved_product")}
        ax.barh(y, down["target"], left=0, height=0.62, color=style.SKY, alpha=0.35, label="promised by the service")
        ax.plot(down["target"], y, "|", color=style.INK, markersize=20, markeredgewidth=2.2)
        ax.plot(down["promised_product"], y - 0.15, "o", color=style.PURPLE, markersize=8, markeredgecolor="white",
                label="all it needs, as promised")  # fmt: skip
        ax.plot(down["achieved_product"], y + 0.15, "D", color=style.ORANGE, markersize=6.5, markeredgecolor="white",
                label="all it needs, as achieved")  # fmt: skip
        style.name_rows(ax, [f"{r.service}  (needs {r.n_needs})" for r in rows.itertuples()])
        _axis(ax, np.concatenate([x[np.isfinite(x)] for x in down.values()]))
        ax.set_xlabel("down time a year, if failures are independent")
        ax.set_title(_title(asked))
        style.legend_below(ax, ncols=3)
    return ax


def reachable_table(reachable: pd.DataFrame) -> DisplayTable:
    """Whether services can keep their availability objective, given what they need."""
    columns = {
        "service": ("Service", "text"),
        "target": ("Objective", "ratio"),
        "needs": ("Needs", "text"),
        "promised_product": ("Needs up, as promised", "ratio"),
        "promised_reachable": ("Can it be reached?", "text"),
        "promised_own_needed": ("By itself it must be up", "ratio"),
        "achieved_product": ("Needs up, as achieved", "ratio"),
        "together_availability": ("Achieved with all it needs", "ratio"),
        "reason": ("Why", "text"),
    }
    caption = "Availability objectives against what the services need; products as if failures were independent"
    return display_table(reachable, columns, caption=caption if len(reachable) else _NOTHING)


def reachable_sentence(reachable: pd.DataFrame) -> Sentence:
    """How many services promise as much as what they need promises, or more."""
    asked = reachable[reachable["target"].notna()]
    if asked.empty:
        return Sentence(_NOTHING if reachable.empty else "No service that needs others promised an availability.")
    words = asked["promised_reachable"]
    beyond = asked[words.isin(_BEYOND)]
    text = f"**Of {len(asked)} services that need others, {len(beyond)} promise as much availability as what they need"
    text += ", or more**"
    if len(beyond):
        text += f" ({', '.join(beyond['service'].head(6))}{' and more' if len(beyond) > 6 else ''})"
    unknown = int(words.eq("unknown").sum())
    return Sentence(
        text + "." + (f" Of {unknown} it cannot be told: something needed has no promise." if unknown else "")
    )


def _title(asked: pd.DataFrame) -> str:
    impossible = int(asked["promised_reachable"].isin(_BEYOND).sum())
    said = f"{impossible} of {len(asked)} promise as much as what they need, or more"
    return f"Can it be promised? {said if impossible else 'None promises too much'}"


def _axis(ax: Axes, hours: np.ndarray) -> None:
    """A logarithmic axis of durations, labelled closely where none is very short."""
    ends = hours.min() / 2, hours.max() * 2
    if ends[0] >= 0.125:
        style.hours_axis(ax, ends)
    else:
        style.duration_axis(ax)
        ax.set_xlim(*ends)


def _down(availability: pd.Series) -> np.ndarray:
    """Hours a year down, at least so much that it can be drawn."""
    return np.maximum((1 - availability.to_numpy(float)) * _YEAR, _LEAST)
