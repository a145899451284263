"""One page that answers the four questions at a glance: what was found in a sentence, and the figure behind it."""

from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from continuity_analysis import questions
from continuity_analysis.figures import sentences, style
from continuity_analysis.figures.availability import plot_availability
from continuity_analysis.figures.recovery_point import plot_exposure_law
from continuity_analysis.figures.recovery_time import plot_phases
from continuity_analysis.figures.restoration import plot_survival
from continuity_analysis.periods import Period, read_period

RECOVERIES = 10
_WIDTH, _HEIGHT = 16, 11.5


def tear_sheet(logs, period) -> Figure:
    """Availability, time to restore, recovery points and recovery times of one period on one page.

    Parameters
    ----------
    logs : Logs
    period : str or Period
        Such as "2026Q3". Drills and recoveries are the newest there are, of this period or before.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import continuity_analysis as ca
    >>> ca.tear_sheet(ca.read_logs("data/sample"), "2026Q3")     # doctest: +SKIP
    """
    from matplotlib import pyplot as plt

    period = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    with style.applied():
        figure, axes = plt.subplots(2, 2, figsize=(_WIDTH, _HEIGHT))
        _availability(axes[0, 0], logs, period)
        _restoration(axes[0, 1], logs, period)
        _data_at_risk(axes[1, 0], logs, period)
        _recoveries(axes[1, 1], logs)
        _head(figure, logs, period)
    return figure


def _availability(ax: Axes, logs, period: Period) -> None:
    answer = questions.availability(logs, period)
    plot_availability(answer, ax=ax)
    _legend_in_two_rows(ax)
    _say(ax, "Availability", sentences.availability_sentence(answer, period))


def _restoration(ax: Axes, logs, period: Period) -> None:
    plot_survival(questions.survival(logs, period, by="all"), ax=ax)
    _say(ax, "Time to restore", sentences.restoration_sentence(questions.restoration(logs, period), period))


def _data_at_risk(ax: Axes, logs, period: Period) -> None:
    plot_exposure_law(questions.exposure_law(logs, period), ax=ax)
    answer = questions.recovery_point(logs, period)
    _say(ax, "Data at risk", sentences.recovery_point_sentence(answer, period))


def _recoveries(ax: Axes, logs) -> None:
    plot_phases(questions.recovery_phases(logs), n=RECOVERIES, ax=ax)
    _legend_in_two_rows(ax)
    told = sentences.recovery_time_sentence(questions.recovery_time(logs))
    _say(ax, "Drills and recoveries, newest first", told, more=ax.get_title(loc="left").capitalize())


def _legend_in_two_rows(ax: Axes) -> None:
    """Half a page is too narrow for the whole legend side by side."""
    if ax.get_legend_handles_labels()[0]:
        style.legend_below(ax, ncols=3)


def _say(ax: Axes, heading: str, sentence: str, *, more: str = "") -> None:
    """A heading over a panel, and under it what it shows in words."""
    lines = [fill(part, 76) for part in (_plain(sentence), f"{more}." if more else "") if part]
    said = ax.set_title("\n".join(lines), fontsize=10, fontweight="normal", color=style.INK, linespacing=1.35)
    ax.annotate(
        heading, (0, 1), xycoords=said, xytext=(0, 7), textcoords="offset points", ha="left", va="bottom",
        fontsize=13, fontweight="bold", color=style.INK, annotation_clip=False,
    )  # fmt: skip


def _head(figure: Figure, logs, period: Period) -> None:
    """The title, what the page speaks of, and how the objectives were met."""
    said = [sentences.scope(logs, period), sentences.headline(questions.scorecard(logs, period), period)]
    lines = "\n".join(fill(_plain(sentence), 185) for sentence in said)
    height = 0.62 + 0.21 * (lines.count("\n") + 1)
    figure.get_layout_engine().set(rect=(0.005, 0, 0.985, 1 - height / _HEIGHT), hspace=0.06, wspace=0.04)
    at = {"x": 0.012, "ha": "left", "va": "top"}
    figure.text(y=1 - 0.12 / _HEIGHT, s=f"Continuity in {period.name}", fontsize=17, fontweight="bold", **at)
    figure.text(y=1 - 0.5 / _HEIGHT, s=lines, fontsize=10.5, linespacing=1.4, **at)


def _plain(sentence: str) -> str:
    return sentence.replace("**", "").replace(" %", "\N{NO-BREAK SPACE}%")
