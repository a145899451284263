"""Many services on one page: all verdicts in one picture, what moved most, and how bad it is in a sentence."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS, DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.figures.verdict_order import worst_services_first

PER_BLOCK, BLOCKS, FEW = 50, 4, 25
_SHORT = {
    "availability": "Availability",
    "requests": "Requests",
    "latency": "Latency",
    "restore": "Restore",
    "rpo": "RPO",
    "rto": "RTO",
    "mtpd": "MTPD",
}
_SYMBOLS = {"BREACHED": "▲", "AT_RISK": "◆", "INSUFFICIENT": "?", "MET": "●"}
_COLOURS = {"BREACHED": style.ORANGE, "AT_RISK": style.AMBER, "INSUFFICIENT": "#dfe4e9", "MET": "#bfe5d9"}
_RATIOS = ("availability", "requests", "latency")


def fleet_sentence(scorecard: pd.DataFrame, period) -> Sentence:
    """Of how many services something is breached, at risk or unknown, and which objective most often."""
    judged = scorecard[scorecard["verdict"] != "NOT_SET"]
    every = scorecard["service"].nunique()
    if judged.empty:
        return Sentence(f"**No objective is set for any of {every} services**, so nothing can be judged.")
    worst = judged["verdict"].map(list(VERDICTS).index).groupby(judged["service"]).min()
    words = (("breaches", "breach", "an objective"), ("is", "are", "at risk"), ("lacks", "lack", "evidence"),
             ("meets", "meet", "all that is promised"))  # fmt: skip
    counted = [(int((worst == place).sum()), *text) for place, text in enumerate(words)]
    parts = [f"{n} {one if n == 1 else many} {what}" for n, one, many, what in counted if n]
    text = f"**In {period.name}, of {len(worst)} services with objectives: {', '.join(parts)}.**"
    breached = judged.loc[judged["verdict"] == "BREACHED", "objective"].value_counts()
    if len(breached):
        text += (
            " Breached most often: " + ", ".join(f"{OBJECTIVES[o]} ({n})" for o, n in breached.head(3).items()) + "."
        )
    unset = every - len(worst)
    return Sentence(text + (f" {unset} more have no objective." if unset else ""))


@keeps_data
def plot_verdicts(scorecard: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Every service's verdicts in one picture, by colour and by symbol, the worst services first, column by column.

    Parameters
    ----------
    scorecard : DataFrame
        As `continuity_analysis.scorecard` returns it. At most 200 services are drawn, the worst.
    ax : Axes, optional
        The blocks are drawn within it.

    Returns
    -------
    Axes
    """
    codes = _codes(scorecard)
    shown = codes.head(PER_BLOCK * BLOCKS)
    blocks = max(-(-len(shown) // PER_BLOCK), 1)
    rows = -(-len(shown) // blocks)
    tall, size = (0.29, 9.5) if rows <= FEW else (0.21, 7.5) if blocks == 1 else (0.165, 6.5)
    with style.applied():
        ax = style.axes_for(ax, height=1.5 + tall * max(rows, 3))
        if shown.empty:
            return style.say_empty(ax, "No objective is set for any service.")
        ax.set_axis_off()
        width, names = 1 / blocks, 0.18 if blocks == 1 else 0.46
        for block in range(blocks):
            panel = ax.inset_axes(((block + names) * width, 0, (0.97 - names) * width, 0.93))
            _block(panel, shown.iloc[block * rows : (block + 1) * rows], rows=rows, size=size)
            _name_columns(panel, list(shown), slanted=blocks > 1)
        which = f"the {len(shown)} worst of {len(codes)} services" if len(codes) > len(shown) else _services(len(codes))
        ax.set_title(f"Verdicts of {which}, the worst first")
        _legend(ax)
    return ax


def _services(n: int) -> str:
    return f"{n} service" if n == 1 else f"{n} services"


def _codes(scorecard: pd.DataFrame) -> pd.DataFrame:
    """Place of the verdict in `VERDICTS` per service and kind of objective, missing where nothing is promised."""
    judged = scorecard[scorecard["verdict"] != "NOT_SET"]
    code = judged.assign(code=judged["verdict"].map(list(VERDICTS).index).astype(float))
    table = code.pivot(index="service", columns="objective", values="code")
    table = table[[kind for kind in OBJECTIVES if kind in table.columns]]
    return table.loc[worst_services_first(scorecard)]


def _block(panel: Axes, codes: pd.DataFrame, *, rows: int, size: float) -> None:
    from matplotlib.colors import ListedColormap

    values = np.ma.masked_invalid(codes.to_numpy())
    colours = ListedColormap([_COLOURS[key] for key in _SYMBOLS])
    panel.pcolormesh(values, cmap=colours, vmin=-0.5, vmax=len(_SYMBOLS) - 0.5, edgecolors=style.PAPER, linewidth=0.8)
    for row, column in np.argwhere(~values.mask if values.mask.shape else np.ones(values.shape, bool)):
        symbol = list(_SYMBOLS.values())[int(values[row, column])]
        panel.text(column + 0.5, row + 0.5, symbol, ha="center", va="center", fontsize=0.8 * size, color=style.INK)
    panel.set_ylim(rows, 0)
    panel.set_yticks(
        np.arange(len(codes)) + 0.5, [n if len(n) <= 20 else f"{n[:19]}…" for n in codes.index], fontsize=size
    )
    panel.tick_params(length=0, pad=2)
    panel.grid(visible=False)
    panel.spines[:].set_visible(False)


def _name_columns(panel: Axes, kinds: list[str], *, slanted: bool) -> None:
    how = {"rotation": 50, "ha": "left", "fontsize": 7} if slanted else {"fontsize": 9.5}
    panel.set_xticks(np.arange(len(kinds)) + 0.5, [_SHORT[kind] for kind in kinds], **how)
    panel.xaxis.tick_top()


def _legend(ax: Axes) -> None:
    from matplotlib.patches import Patch

    marks = [Patch(color=_COLOURS[key], label=f"{symbol} {VERDICTS[key].lower()}") for key, symbol in _SYMBOLS.items()]
    ax.legend(handles=marks, loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=len(marks))


def movers_table(scorecard: pd.DataFrame, period, *, n: int = 20) -> DisplayTable:
    """What moved most against the period before, measured by what its objective allows, and whether it may be noise.

    Parameters
    ----------
    scorecard : DataFrame
        As `continuity_analysis.scorecard` returns it.
    period : Period
        That of the scorecard.
    n : int
        Rows shown at most; objectives without a target or a number in either period are left out.
    """
    moved = _moves(scorecard)
    rows = moved.sort_values("moved", ascending=False, kind="stable").head(n)
    columns = {
        "service": ("Service", "text"),
        "objective": ("Objective", "text"),
        "verdict": ("Verdict", "text"),
        "target": ("Target", "unit"),
        "previous": (period.previous().name, "unit"),
        "achieved": (period.name, "unit"),
        "way": ("It got", "text"),
        "moved": ("Moved by, of what is allowed", "share"),
        "said": ("Change or noise", "text"),
    }
    which = f"The {len(rows)} largest" if len(rows) > 1 else "The largest"
    caption = f"{which} of {len(moved)} moves" if len(rows) else "Nothing moved that has an objective"
    return display_table(rows, columns, caption=caption)


def _moves(scorecard: pd.DataFrame) -> pd.DataFrame:
    """Rows with a target that moved: by how much, as a share of what the target allows; better or worse; in words."""
    rows = scorecard[scorecard[["target", "achieved", "previous"]].notna().all(axis=1)]
    ratio = rows["objective"].isin(_RATIOS)
    allowed = rows["target"].mask(ratio, 1 - rows["target"])
    worse = (rows["achieved"] > rows["previous"]) ^ ratio
    gap = (rows["achieved"] - rows["previous"]).abs().where(rows["achieved"] != rows["previous"], 0.0)
    said = rows["change"].fillna("not tested").str.replace(", not tested", "; not tested, may be chance", regex=False)
    way = np.where(worse, "worse", "better")
    rows = rows.assign(moved=gap / allowed, way=way, said=said, objective=rows["objective"].map(OBJECTIVES))
    return rows[rows["moved"] > 0]
