"""The data of a figure: the tables it was drawn from stay with it, so that a page can hand them out as CSV.

Read back from axes, they would be what a scale made of them (nines, days since 1970) under no name; the tables have
columns named with their units.
"""

import functools
import inspect
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures.carried import carried, carry

MIME = "application/vnd.continuity.figure-data+json"
ROWS_AT_MOST = 50_000
"""Rows of a table that is handed out with a figure; a longer one is named, with its length, and left out whole."""
_ONLY = "_draws_only"


def keeps_data(plot: Callable) -> Callable:
    """Decorate a plot function: whoever displays its figure gets the tables it was given, under `MIME`.

    Panels drawn into given axes add their tables to those of the figure; a function that draws its panels by others
    hands out its own.

    Examples
    --------
    >>> @keeps_data
    ... def plot_points(points, *, ax=None):
    ...     ax = ax or plt.subplots()[1]
    ...     ax.plot(points["hours"], points["share"])
    ...     return ax
    """
    parameters = inspect.signature(plot)

    @functools.wraps(plot)
    def drawn(*args, **kwargs):
        given = parameters.bind(*args, **kwargs).arguments
        before = _kept(given["ax"].figure) if given.get("ax") is not None else ()
        axes = plot(*args, **kwargs)
        figure = np.ravel(axes)[0].figure
        tables = _tables(given) | figure.__dict__.pop(_ONLY, {})
        own = [(plot.__name__.removeprefix("plot_"), name, table) for name, table in tables.items()]
        carry(figure, MIME, _Kept((*before, *own)))
        return axes

    return drawn


def draws_only(ax: Axes, **tables: pd.DataFrame) -> None:
    """Say, within a plot function and after its last panel, which rows of its tables it draws.

    Parameters
    ----------
    ax : Axes
        Any of the figure.
    **tables : DataFrame
        The rows drawn, under the names of the function's arguments.
    """
    ax.figure.__dict__[_ONLY] = tables


def _tables(given: Mapping[str, object]) -> dict[str, pd.DataFrame]:
    """The tables among arguments; a mapping is one of two columns."""
    tables = {}
    for name, value in given.items():
        if isinstance(value, Mapping):
            value = pd.Series(value, name=name).rename_axis("name").reset_index()
        if isinstance(value, pd.DataFrame):
            tables[name] = value
    return tables


def _kept(figure) -> tuple:
    kept = carried(figure).get(MIME)
    return kept.tables if kept is not None else ()


class _Kept:
    """The tables of a figure; nothing is written until it is displayed."""

    def __init__(self, tables: tuple[tuple[str, str, pd.DataFrame], ...]) -> None:
        self.tables = tables

    def __call__(self) -> list[dict]:
        return [{"figure": figure, "table": name} | _written(table) for figure, name, table in self.tables]


def _written(table: pd.DataFrame) -> dict:
    """Rows, and the table as CSV: moments as ISO 8601, durations in hours, numbers to their last digit."""
    if len(table) > ROWS_AT_MOST:
        return {"rows": len(table), "csv": None}
    hours = {
        name: column / pd.Timedelta(hours=1)
        for name, column in table.items()
        if pd.api.types.is_timedelta64_dtype(column.dtype)
    }
    named = table.assign(**hours).rename(columns={name: f"{name} [h]" for name in hours})
    has_index = any(name is not None for name in table.index.names)
    return {"rows": len(table), "csv": named.to_csv(index=has_index, lineterminator="\n")}
