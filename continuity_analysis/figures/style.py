"""One look for every figure: legible on a slide and on paper, safe for colour-blind readers, no global settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakSet

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

INK, MUTED, GRID, PAPER = "#1f2933", "#52606d", "#d5dbe1", "#ffffff"
# Okabe and Ito (2008), Color Universal Design: told apart with every common kind of colour vision
BLUE, ORANGE, GREEN, SKY, AMBER, PURPLE = "#0072b2", "#d55e00", "#009e73", "#56b4e9", "#e69f00", "#cc79a7"
SERIES = (BLUE, ORANGE, GREEN, PURPLE, AMBER, SKY)
VERDICTS = {"MET": GREEN, "BREACHED": ORANGE, "AT_RISK": AMBER, "INSUFFICIENT": MUTED, "NOT_SET": "#9aa5b1"}
ROWS_AT_MOST = 30
_WIDE, _FAR_APART = 300, (0.01, 0.1, 1, 10, 100)

RC = {
    "figure.dpi": 110,
    "savefig.dpi": 160,
    "figure.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "font.family": ["DejaVu Sans"],
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "lines.linewidth": 1.8,
    "svg.fonttype": "none",
}


_OWN: WeakSet[Axes] = WeakSet()  # axes that `axes_for` made


@contextmanager
def applied() -> Iterator[None]:
    """The style, as a context: `with applied(): …`.

    The first figure of a notebook loads the backend, which turns interactive on; that outlives the context, or no
    later figure would be shown.
    """
    with mpl.rc_context(RC):
        yield
        interactive = mpl.is_interactive()
    mpl.interactive(interactive)


def axes_for(ax: Axes | None, *, height: float = 4.2, width: float = 10.0) -> Axes:
    """`ax` itself, or new axes of a figure of `width` by `height` [in]."""
    if ax is not None:
        return ax
    made = plt.subplots(figsize=(width, height))[1]
    _OWN.add(made)
    return made


def height_of_rows(n: int) -> float:
    """Height [in] of a figure with `n` labelled rows."""
    return 1.6 + 0.34 * max(n, 2)


def say_empty(ax: Axes, sentence: str) -> Axes:
    """Axes without data: the sentence that says why, and nothing else; a figure of its own becomes a line high."""
    if ax in _OWN:
        ax.figure.set_figheight(0.8)
    ax.set_axis_off()
    ax.text(0.5, 0.5, sentence, ha="center", va="center", color=MUTED, wrap=True, transform=ax.transAxes)
    return ax


def say_left_out(ax: Axes, shown: int, known: int, *, which: str = "worst") -> None:
    """Where not all rows are drawn, say so in the title: "…, the 30 worst of 200"."""
    if known > shown:
        title = ax.get_title(loc="left")
        words = f"the {shown} {which} of {known:,}"
        ax.set_title(f"{title}, {words}", loc="left") if title else ax.set_title(words, fontsize=10, color=MUTED)


def name_rows(ax: Axes, names: list[str]) -> None:
    """Label rows from top to bottom, shortened where too long; a count in brackets at the end stays."""
    ax.set_yticks(range(len(names)), [_shortened(name) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0)


def _shortened(name: str, *, most: int = 34) -> str:
    if len(name) <= most:
        return name
    head, count = name.rsplit("  (", 1) if name.endswith(")") and "  (" in name else (name, "")
    count = f"  ({count}" if count else ""
    return head if len(head) + len(count) <= most else f"{head[: most - 2 - len(count)].rstrip()}…{count}"


def legend_below(ax: Axes, *, ncols: int) -> None:
    """A legend under the label of the horizontal axis, centred, so that the axes keep their width."""
    below = ax.transAxes + ScaledTranslation(0, -0.62, ax.figure.dpi_scale_trans)
    ax.legend(loc="upper center", bbox_to_anchor=(0.44, 0), bbox_transform=below, ncols=ncols)


def time_axis(ax: Axes) -> None:
    """Dates that fit, with the year said once."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, num2date

    class Dates(ConciseDateFormatter):
        """Where months stand at ticks, "2026-Oct" beside them would add another: only the year is left to say."""

        def format_ticks(self, values: list[float]) -> list[str]:
            self.labels = super().format_ticks(values)
            self.years = sorted({num2date(value).year for value in values[:-1]})
            return self.labels

        def get_offset(self) -> str:
            if not any(label[:1].isalpha() for label in self.labels):
                return super().get_offset()
            if any(len(label) == 4 and label.isdigit() for label in self.labels):
                return ""
            return "\N{EN DASH}".join(map(str, self.years[:: max(len(self.years) - 1, 1)]))

    locator = AutoDateLocator(minticks=4, maxticks=9)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(Dates(locator))


def duration_axis(ax: Axes, which: str = "x") -> None:
    """A logarithmic axis in hours, labelled in the words people use for durations."""
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    marks = {1 / 60: "1 min", 5 / 60: "5 min", 0.25: "15 min", 1: "1 h", 4: "4 h", 24: "1 d"}
    marks |= {72: "3 d", 168: "1 wk", 720: "30 d", 8760: "1 y"}
    axis = ax.xaxis if which == "x" else ax.yaxis
    getattr(ax, f"set_{which}scale")("log")
    axis.set_major_locator(FixedLocator(list(marks)))
    axis.set_major_formatter(lambda value, _: next((t for h, t in marks.items() if abs(h / value - 1) < 1e-6), ""))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def hours_axis(ax: Axes, ends: tuple[float, float]) -> None:
    """A logarithmic axis between two durations [h], labelled closely enough for schedules."""
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    marks = {0.25: "15 min", 0.5: "30 min", 1: "1 h", 2: "2 h", 4: "4 h", 8: "8 h", 12: "12 h", 24: "1 d", 48: "2 d"}
    marks |= {96: "4 d", 168: "1 wk", 336: "2 wk", 720: "30 d"}
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(list(marks)))
    ax.xaxis.set_major_formatter(lambda x, _: next((t for m, t in marks.items() if abs(m / x - 1) < 1e-6), ""))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlim(*ends)


def ratio_axis(ax: Axes, which: str = "x") -> None:
    """A logarithmic axis of ratios, labelled as multiples: ½, 1, 2 times."""
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    marks = {0.01: "1/100", 0.05: "1/20", 0.1: "1/10", 0.2: "1/5", 0.5: "half", 1: "the same"}
    marks |= {n: f"{n} times" for n in (2, 5, 10, 20, 100)}
    axis = ax.xaxis if which == "x" else ax.yaxis
    getattr(ax, f"set_{which}scale")("log")
    low, high = getattr(ax, f"get_{which}lim")()
    if which == "x" and high / low > _WIDE:  # beside each other, closer labels would touch
        marks = {ratio: words for ratio, words in marks.items() if ratio in _FAR_APART}
    axis.set_major_locator(FixedLocator(list(marks)))
    axis.set_major_formatter(lambda value, _: next((t for r, t in marks.items() if abs(r / value - 1) < 1e-6), ""))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
