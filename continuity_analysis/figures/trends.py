"""Do failures come more often, or less often: mean cumulative failures, the tests side by side, and a sentence."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence, shortened
from continuity_analysis.words import UNKNOWN, show

ALL = "all services"
TREND = {"more often": style.ORANGE, "less often": style.GREEN}
NAMED_AT_MOST = 4


@keeps_data
def plot_cumulative_failures(
    cumulative: pd.DataFrame, trends: pd.DataFrame | None = None, *, ax: Axes | None = None
) -> Axes:
    """Failures per service over its up time: each service, and the mean with its 95 % band against a constant rate.

    Parameters
    ----------
    cumulative : DataFrame
        As `continuity_analysis.cumulative_failures` returns it.
    trends : DataFrame, optional
        As `continuity_analysis.trends` returns it for the same period: services with a trend are coloured and named, at
        most four of them.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    mean = cumulative[cumulative["service"] == ALL]
    each = cumulative[cumulative["service"] != ALL]
    with style.applied():
        ax = style.axes_for(ax, height=5.0)
        if each.empty:
            return style.say_empty(ax, "No service was watched, so how failures add up is unknown.")
        _mean(ax, mean, rate=_rate(each))
        _services(ax, each, _named(trends))
        ax.set_xlim(0, mean["hours"].max() / 24 * 1.01)
        ax.set_ylim(0, max(each["failures"].max() * 1.08, 1))
        ax.yaxis.get_major_locator().set_params(integer=True)
        ax.set_xlabel("up time since it was first watched [days]")
        ax.set_ylabel("failures so far")
        n = each["service"].nunique()
        ax.set_title(f"How failures add up in {n} services" if n > 1 else "How failures add up")
        style.legend_below(ax, ncols=4)
    return ax


def trends_table(trends: pd.DataFrame) -> DisplayTable:
    """The three tests and the exponent of every service; why there is no answer."""
    columns = {
        "service": ("Service", "text"),
        "n": ("Failures", "count"),
        "says": ("They come", "text"),
        "laplace": ("Laplace", "text"),
        "mil_hdbk": ("MIL-HDBK-189", "text"),
        "lewis_robinson": ("Lewis-Robinson", "text"),
        "together": ("A trend, adjusted p", "text"),
        "exponent": ("Exponent (95 % interval)", "text"),
    }
    columns |= {"reason": ("Why", "text")} if trends["reason"].notna().any() else {}
    rising = {
        "laplace": trends["laplace_u"] > 0,
        "mil_hdbk": trends["mil_hdbk_chi2"] < trends["mil_hdbk_df"],
        "lewis_robinson": trends["lewis_robinson_u"] > 0,
    }
    cells = {
        name: [_p(p, up) for p, up in zip(trends[f"{name}_p"], rises, strict=True)] for name, rises in rising.items()
    }
    cells["together"] = [_p(p) for p in trends["adjusted_p"]]
    cells["exponent"] = [_exponent(*row) for row in trends[["beta", "beta_low", "beta_high"]].itertuples(index=False)]
    texts = {name: pd.Series(words, index=trends.index, dtype="str") for name, words in cells.items()}
    caption = (
        "Whether failures come more often (↑) or less often (↓) than they did: p of each test by itself, two-sided"
    )
    return display_table(trends.assign(says=trends["verdict"], **texts), columns, caption=caption)


def trends_sentence(trends: pd.DataFrame) -> Sentence:
    """How many services fail more or less often than they did, which, and what holds for all together."""
    if trends.empty:
        return Sentence("No service is known, so whether failures come more often is unknown.")
    own, fleet = trends.iloc[:-1], trends.iloc[-1]
    asked = own[own["verdict"] != "too few failures"]
    text = f"Of {len(own)} services, {len(asked)} failed often enough (8 times) to ask for a trend"
    if len(asked):
        found = [_those(asked, verdict) for verdict in TREND]
        found = [words for words in found if words]
        text += (
            f": {' and '.join(found)}"
            if found
            else ": none fails more or less often than it did, as far as one can see"
        )
        differ = int((asked["verdict"] == "the tests disagree").sum())
        text += f"; for {differ} the tests disagree" if differ else ""
    together = f"{show(fleet['n'], 'count')} failures that began while no other service was failed"
    text += f". All services together ({together}): **{fleet['verdict']}**"
    text += (
        f" (exponent {_exponent(fleet['beta'], fleet['beta_low'], fleet['beta_high'])})" if fleet["beta"] > 0 else ""
    )
    return Sentence(f"{text}.")


def _those(asked: pd.DataFrame, verdict: str) -> str:
    names = asked.loc[asked["verdict"] == verdict, "service"].to_list()
    shown = ", ".join(shortened(names, 5))
    return f"{len(names)} fail{'s' if len(names) == 1 else ''} **{verdict}** than before ({shown})" if names else ""


def _p(p: float, rising: bool | None = None) -> str:
    if pd.isna(p):
        return UNKNOWN
    arrow = "" if rising is None else "↑ " if rising else "↓ "
    return arrow + (f"{p:.3f}" if p >= 0.001 else "< 0.001")


def _exponent(beta: float, low: float, high: float) -> str:
    return UNKNOWN if pd.isna(beta) else f"{beta:.2f} ({low:.2f} to {high:.2f})"


def _named(trends: pd.DataFrame | None) -> dict[str, str]:
    """Services with a trend, the surest first, and their verdicts."""
    if trends is None:
        return {}
    rows = trends[trends["verdict"].isin(TREND) & (trends["service"] != ALL)].head(NAMED_AT_MOST)
    return dict(zip(rows["service"], rows["verdict"], strict=True))


def _rate(each: pd.DataFrame) -> float:
    """Failures per hour of up time of all services."""
    last = each.groupby("service")[["hours", "failures"]].max().sum()
    return last["failures"] / last["hours"]


def _services(ax: Axes, each: pd.DataFrame, named: dict[str, str]) -> None:
    label = "each service" if not named else "services without a trend"
    for name, rows in each.groupby("service", sort=False):
        if name not in named:
            ax.step(rows["hours"] / 24, rows["failures"], where="post", color="#9aa5b1", linewidth=0.9, label=label)
            label = None
    dashes = iter(("-", "--", ":", "-."))
    for name, verdict in named.items():
        rows, words = each[each["service"] == name], f"{name if len(name) <= 24 else name[:22] + '…'}: {verdict}"
        ax.step(rows["hours"] / 24, rows["failures"], next(dashes), where="post", color=TREND[verdict], label=words)


def _mean(ax: Axes, mean: pd.DataFrame, *, rate: float) -> None:
    days = mean["hours"].to_numpy(float) / 24
    values = np.asarray(mean["failures"], dtype=float)
    ax.step(days, values, where="post", color=style.BLUE, label="mean per service", zorder=3)
    if mean["low"].notna().any():
        low, high = mean["low"].to_numpy(float), mean["high"].to_numpy(float)
        ax.fill_between(days, low, high, step="post", color=style.SKY, alpha=0.3, linewidth=0, label="its 95 % band")
    line = [0, rate * days[-1] * 24]
    ax.plot([0, days[-1]], line, "--", color=style.INK, linewidth=1.3, label="constant rate", zorder=3)
