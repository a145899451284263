"""How a service comes back after everything was lost: steps along the order, a table and a sentence."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import UNKNOWN, show, show_interval

_NOTHING = "Nothing was ever recovered, and the catalogue states no depends_on."
_SHADES = (
    (0.9, style.ORANGE, "waited for in nine draws of ten or more"),
    (0.5, style.AMBER, "in half of them or more"),
    (0.1, style.SKY, "in one of ten or more"),
    (-1.0, "#c3ccd5", "hardly ever"),
)


@keeps_data
def plot_recovery_chain(
    steps: pd.DataFrame, chain: pd.DataFrame, *, service: str | None = None, ax: Axes | None = None
) -> Axes:
    """The steps to bring back one service: from when to when each runs in the median, and whether the service waits.

    Parameters
    ----------
    steps, chain : DataFrame
        As `continuity_analysis.recovery_chain_steps` and `recovery_chain` return them.
    service : str, optional
        By default the one with most steps of known duration, and of those the one that takes longest.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    service = service or _longest(chain)
    rows = steps[steps["service"] == service].reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)) + 0.6)
        if rows.empty:
            return style.say_empty(ax, _NOTHING)
        about = chain[chain["service"] == service].iloc[0]
        end = _bars(ax, rows)
        limit = about["objective"]
        if pd.notna(limit):
            ax.axvline(limit, color=style.INK, linestyle="--", linewidth=1.3, label=f"RTO {show(limit, 'hours')}")
        style.name_rows(ax, [_name(r) for r in rows.itertuples()])
        ax.set_xlim(0, max(np.nanmax(np.append(end, 0.01)), 0 if pd.isna(limit) else limit) * 1.38)
        ax.set_xlabel("hours since everything was lost: median of begin and end, line: P10 to P90 of the end")
        ax.set_title(_title(about))
        style.legend_below(ax, ncols=3)
    return ax


def recovery_chain_table(chain: pd.DataFrame) -> DisplayTable:
    """Per service: what comes back first, how long it takes, the chance within the RTO, and where haste would help."""
    bound = chain["n_unknown"] > 0
    rows = chain.assign(
        median=_times(chain, "median", bound),
        p90=_times(chain, "p90", bound),
        speed=[_speed(r) for r in chain.itertuples()],
        never=chain["never"].where(chain["never"] > 0),
    )
    columns = {
        "service": ("Service", "text"),
        "order": ("Order of return", "text"),
        "median": ("Median", "text"),
        "p90": ("P90", "text"),
        "never": ("Never back", "share"),
        "objective": ("RTO", "hours"),
        "chance": ("Chance within it", "share", "low", "high"),
        "critical_step": ("Waits most often for", "text"),
        "speed": ("Halving it gains most", "text"),
    }
    if chain["reason"].notna().any():
        columns["reason"] = ("Unknown: times are at least", "text")
    caption = "If everything were lost: time until each service is back, after what it needs"
    return display_table(rows, columns, caption=caption if len(rows) else _NOTHING)


def recovery_chain_sentence(chain: pd.DataFrame) -> Sentence:
    """The service that is least likely to be back within its RTO, why, and what would help."""
    if chain.empty:
        return Sentence(_NOTHING)
    judged = chain[chain["chance"].notna()]
    unknown = int((chain["n_unknown"] > 0).sum())
    gap = (
        f" For {unknown} of {len(chain)} services some step was never tried: theirs are lower bounds."
        if unknown
        else ""
    )
    if judged.empty:
        return Sentence(f"No service of the chain has an RTO.{gap}")
    worst = judged.sort_values(["chance", "median_hours"], ascending=[True, False]).iloc[0]
    chance = show_interval(worst["chance"], worst["low"], worst["high"], unit="share")
    text = f"If everything were lost, **{worst['service']}** would be back within its RTO of "
    text += f"{show(worst['objective'], 'hours')} with a chance of {chance}"
    if pd.notna(worst["median_hours"]):
        least = "at least " if worst["n_unknown"] else ""
        text += f"; in the median it takes {least}{show(worst['median_hours'], 'hours')}"
    if pd.notna(worst["speed_up_step"]):
        text += f". Halving the step {worst['speed_up_step']} would save {show(worst['median_gain'], 'hours')}"
    return Sentence(f"{text}.{gap}")


def _bars(ax: Axes, rows: pd.DataFrame) -> np.ndarray:
    """Draw the steps; return up to where [h]."""
    start, end = rows["start_median"].to_numpy(float), rows["end_median"].to_numpy(float)
    share = rows["criticality"].fillna(-1.0).to_numpy(float)
    place, known = np.arange(len(rows)), (rows["n"] > 0).to_numpy()
    above = np.inf
    for least, colour, label in _SHADES:
        some = known & (share >= least) & (share < above) & np.isfinite(end)
        if some.any():
            ax.barh(place[some], (end - start)[some], left=start[some], height=0.58, color=colour, label=label)
        above = least
    low, high = rows["end_p10"].to_numpy(float), rows["end_p90"].to_numpy(float)
    drawn = known & np.isfinite(low) & np.isfinite(high)
    ax.hlines(place[drawn], low[drawn], high[drawn], color=style.INK, linewidth=1.4)
    furthest = np.fmax(np.where(drawn, high, np.nan), end)
    for i in place:
        words = _remark(rows.iloc[i])
        if words:
            x = furthest[i] if known[i] and np.isfinite(furthest[i]) else start[i]
            paper = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0}
            look = {"va": "center", "color": style.MUTED, "fontsize": 9.5, "bbox": paper}
            ax.annotate(words, (np.nan_to_num(x), i), (6, 0), textcoords="offset points", **look)
    return np.append(furthest, start)


def _remark(row: pd.Series) -> str:
    if row["n"] == 0:
        return "never tried: counted as 0 h"
    if not row["whole"]:
        return "its data alone: at least so long"
    parts = [f"{row['n_failed']} of {row['n']} never came back"] if row["n_failed"] else []
    if pd.notna(row["median_gain"]) and row["median_gain"] >= 1 / 60:
        parts.append(f"halved: {show(row['median_gain'], 'hours')} sooner")
    return ", ".join(parts)


def _name(row) -> str:
    return f"{row.step} (n = {row.n})"


def _title(about: pd.Series) -> str:
    least = "at least " if about["n_unknown"] else ""
    took = "in most draws it never comes back" if pd.isna(about["median_hours"]) else (
        f"back in {least}{show(about['median_hours'], 'hours')} in the median")  # fmt: skip
    most = "at most " if about["n_unknown"] else ""
    chance = (
        "" if pd.isna(about["chance"]) else f", within the RTO with a chance of {most}{show(about['chance'], 'share')}"
    )
    return f"{about['service']}: {took}{chance}"


def _times(chain: pd.DataFrame, name: str, bound: pd.Series) -> list[str]:
    """Times with their limits; "never" where the service does not come back in as many draws."""
    words = []
    for estimate, low, high, at_least in zip(
        *(chain[f"{name}_{c}"] for c in ("hours", "low", "high")), bound, strict=True
    ):
        shown = show_interval(estimate, low, high, unit="hours")
        if pd.isna(estimate):
            words.append(shown.replace(UNKNOWN, "never", 1))
        else:
            words.append(f"at least {shown}" if at_least else shown)
    return words


def _speed(row) -> str:
    if pd.isna(row.speed_up_step):
        return show(None, "text")
    return f"{row.speed_up_step}: {show(row.median_gain, 'hours')}"


def _longest(chain: pd.DataFrame) -> str | None:
    if chain.empty:
        return None
    known = chain.assign(known=chain["n_steps"] - chain["n_unknown"])
    return known.sort_values(["known", "median_hours"], ascending=False, na_position="last").iloc[0]["service"]
