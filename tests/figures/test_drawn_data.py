"""A figure keeps the tables it was drawn from; who displays it gets them as CSV, whole or not at all."""

import importlib
import io
import pkgutil

import pandas as pd
import pytest
from matplotlib import pyplot as plt

from continuity_analysis import figures
from continuity_analysis.figures import drawn_data, recovery_point
from continuity_analysis.figures.drawn_data import MIME, keeps_data


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@keeps_data
def plot_points(points, limits=None, *, ax=None):
    ax = ax or plt.subplots()[1]
    ax.plot(points["hours"], points["share"])
    return ax


@keeps_data
def plot_panels(points):
    axes = plt.subplots(2, 1)[1]
    for ax in axes:
        plot_points(points.head(1), ax=ax)
    return axes


POINTS = pd.DataFrame({"hours": [0.1, 2.0], "share": [1 / 3, None], "at": pd.to_datetime(["2026-07-01T10:00Z"] * 2)})


def tables(ax):
    return ax.figure._repr_mimebundle_()[MIME]


def test_the_table_given_is_the_table_handed_out():
    (table,) = tables(plot_points(POINTS))
    assert (table["figure"], table["table"], table["rows"]) == ("points", "points", 2)
    assert table["csv"].splitlines()[0] == "hours,share,at"
    back = pd.read_csv(io.StringIO(table["csv"]), parse_dates=["at"])
    pd.testing.assert_frame_equal(back, POINTS, check_exact=True, check_dtype=False)


def test_each_table_of_a_figure_is_there_a_mapping_as_two_columns():
    points, limits = tables(plot_points(POINTS, {"checkout": 6.0}))
    assert limits["csv"] == "name,limits\ncheckout,6.0\n"
    assert points["table"] == "points"


def test_panels_add_up_and_whoever_draws_them_hands_out_its_own():
    _, axes = plt.subplots(1, 2)
    for ax in axes:
        plot_points(POINTS, ax=ax)
    assert [t["rows"] for t in tables(axes[0])] == [2, 2]
    assert [(t["figure"], t["rows"]) for t in tables(plot_panels(POINTS)[0])] == [("panels", 2)]


def test_rows_that_are_not_drawn_are_not_handed_out():
    law = pd.DataFrame({"service": list("aabbcdefg"), "hours": [0, 9, 0, 9, 8, 7, 6, 5, 4], "share_longer": 0.5})
    (table,) = tables(recovery_point.plot_exposure_law(law))
    frame = pd.read_csv(io.StringIO(table["csv"]))
    assert list(frame.columns) == ["hours", "share_longer", "service"]
    assert frame["service"].to_list() == ["a, b", "a, b", "c", "d", "e", "f"]


def test_durations_are_hours_and_an_index_with_a_name_stays():
    frame = POINTS.assign(lasted=pd.to_timedelta(["90min", None])).set_index(pd.Index(["a", "b"], name="service"))
    first, one, other = tables(plot_points(frame))[0]["csv"].splitlines()
    assert first == "service,hours,share,at,lasted [h]"
    assert one.endswith(",1.5")
    assert other.endswith(",")


def test_what_is_too_long_is_named_and_never_thinned(monkeypatch):
    monkeypatch.setattr(drawn_data, "ROWS_AT_MOST", 1)
    assert tables(plot_points(POINTS)) == [{"figure": "points", "table": "points", "rows": 2, "csv": None}]


def test_a_notebook_that_displays_the_figure_has_picture_and_data():
    from IPython.core.formatters import DisplayFormatter

    shown, _ = DisplayFormatter().format(plot_points(POINTS).figure)
    assert shown[MIME][0]["rows"] == 2
    assert "text/plain" in shown


def test_every_plot_function_keeps_its_data():
    modules = [importlib.import_module(f"{figures.__name__}.{m.name}") for m in pkgutil.iter_modules(figures.__path__)]
    plots = {f"{m.__name__}.{n}": f for m in modules for n, f in vars(m).items() if n.startswith("plot_")}
    assert len(plots) > 40
    assert [name for name, plot in plots.items() if not hasattr(plot, "__wrapped__")] == []
