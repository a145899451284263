"""The app itself: controls above, a tab per answer below, and the incident chosen under them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from continuity_analysis.errors import ContinuityError
from continuity_analysis.figures.explorer import panes
from continuity_analysis.figures.explorer.controls import Controls, make_controls, period_at_first
from continuity_analysis.figures.explorer.offers import EVERY_GROUP, NO_INCIDENT, groups_of, incidents_of, offer
from continuity_analysis.figures.explorer.pictures import APP_CLASS, CSS, OWN_KEYS, fault, framed, note
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.periods import read_period
from continuity_analysis.questions.incident import incident
from continuity_analysis.questions.selection import choose_incidents
from continuity_analysis.words import show

QUIET_SECONDS = 0.25
TABS = {"survival": "Time to restore", "timeline": "Timeline", "exposure": "Data at risk",
        "availability": "Availability", "behind": "Incidents behind it"}  # fmt: skip


@dataclass(frozen=True)
class Explorer:
    """The explorer's widgets; it shows itself as the last line of a cell.

    Attributes
    ----------
    logs : Logs
    controls : Controls
    panes : dict of str to ipywidgets.HTML
        survival, timeline, exposure, availability, behind: drawn when their tab is looked at.
    tabs : ipywidgets.Tab
    group : ipywidgets.Dropdown
        Whose incidents the last tab lists.
    incident : ipywidgets.Select
        The incident whose record stands under the tabs, as (product, incident_id).
    record, said : ipywidgets.HTML
        That record; what is looked at, or the one sentence that says what is wrong.
    box : ipywidgets.VBox
        All of it.
    """

    logs: object
    controls: Controls
    panes: dict
    tabs: object
    group: object
    incident: object
    record: object
    said: object
    box: object
    _state: dict = field(default_factory=dict, repr=False)

    def _repr_mimebundle_(self, **how) -> dict:
        shown = self.box._repr_mimebundle_(**how)
        text = {"text/plain": f"Explorer of {self.logs.origin}: open this notebook in JupyterLab to use it."}
        return (shown[0] | text, *shown[1:]) if isinstance(shown, tuple) else shown | text


def explore(logs, period=None) -> Explorer:
    """An app to pick services, period, severity and clock ends, and to see the figures change.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        What to begin with; default the newest quarter of the logs.

    Returns
    -------
    Explorer
        Shown by JupyterLab as the last line of a cell.

    Raises
    ------
    PeriodError
        If the period cannot be read.

    Examples
    --------
    >>> import continuity_analysis as ca
    >>> ca.explore(ca.read_logs("data/sample"), "2026Q3")     # doctest: +SKIP
    """
    app = _make(logs, period_at_first(logs, period))
    look_soon = soon(partial(_look, app))
    app.controls.watch(lambda _: look_soon())
    app.tabs.observe(lambda _: _draw(app), names="selected_index")
    app.group.observe(lambda _: _group_chosen(app), names="value")
    app.incident.observe(lambda _: _incident_chosen(app), names="value")
    _look(app)
    return app


def soon(act: Callable[[], None], *, seconds: float = QUIET_SECONDS) -> Callable[[], None]:
    """`act`, run once its calls have stopped for so long; at once where no event loop runs."""
    waiting = []

    def call() -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return act()
        while waiting:
            waiting.pop().cancel()
        return waiting.append(loop.call_later(seconds, act))

    return call


def _make(logs, period: str) -> Explorer:
    import ipywidgets

    services = sorted(measure_services(logs)["service"].dropna().astype(str).unique())
    html = {name: ipywidgets.HTML() for name in (*TABS, "record", "said")}
    wide = {"style": {"description_width": "70px"}}
    group = ipywidgets.Dropdown(options=[EVERY_GROUP], description="Of", **wide)
    picked = ipywidgets.Select(
        options=[NO_INCIDENT], rows=7, description="Incident", layout=ipywidgets.Layout(width="95%"), **wide
    )
    children = [html[name] for name in TABS]
    children[-1] = ipywidgets.VBox([group, html["behind"]])
    tabs = ipywidgets.Tab(children=children, titles=tuple(TABS.values()), selected_index=0)
    controls = make_controls(logs, services, period)
    box = ipywidgets.VBox([ipywidgets.HTML(CSS + OWN_KEYS), controls.box, html["said"], tabs, picked, html["record"]])
    box.add_class(APP_CLASS)
    return Explorer(
        logs=logs, controls=controls, panes={name: html[name] for name in TABS}, tabs=tabs, group=group,
        incident=picked, record=html["record"], said=html["said"], box=box,
    )  # fmt: skip


def _look(app: Explorer) -> None:
    """Read the controls, choose the incidents anew, and draw the tab that is looked at."""
    app._state.clear()
    view = _said_instead(app, partial(_view, app))
    if view is None:
        for pane in app.panes.values():
            pane.value = ""
        return
    app._state["view"] = view
    period = view.period
    app.said.value = framed(note(f"{period.name}: {show(period.start, 'moment')} to {show(period.end, 'moment')}."))
    offer(app.group, groups_of(view))
    offer(app.incident, incidents_of(view, app.group.value))
    _draw(app)


def _view(app: Explorer) -> panes.View:
    logs, choice = app.logs, app.controls.choice()
    period = read_period(app.controls.period.value.strip(), timezone=logs.timezone, as_of=logs.as_of)
    return panes.View(logs, period, choice, choose_incidents(logs, period, choice))


def _draw(app: Explorer) -> None:
    """Draw the tab that is looked at, unless it shows this view already."""
    name, view = list(TABS)[app.tabs.selected_index or 0], app._state.get("view")
    if view is None or name in app._state:
        return
    how = {"timeline": {"marked": app.incident.value[1]}, "behind": {"group": app.group.value}}.get(name, {})
    drawn = _said_instead(app, partial(getattr(panes, f"{name}_pane"), view, **how))
    app.panes[name].value = "" if drawn is None else framed(drawn)
    app._state[name] = True


def _said_instead(app: Explorer, answer: Callable):
    """An answer; where it fails, None, and the app says in one sentence why."""
    try:
        return answer()
    except ContinuityError as error:
        app.said.value = framed(fault(str(error)))
    except Exception as error:  # an app that falls silent would be worse: a callback's traceback is seen by nobody
        app.said.value = framed(fault(f"This could not be drawn, by a fault of the program: {error!r}."))
    return None


def _group_chosen(app: Explorer) -> None:
    if view := app._state.get("view"):
        app._state.pop("behind", None)
        offer(app.incident, incidents_of(view, app.group.value))
        _draw(app)


def _incident_chosen(app: Explorer) -> None:
    product, name = app.incident.value
    found = _said_instead(app, partial(incident, app.logs, name, product=product)) if name else None
    app.record.value = framed(found._repr_html_()) if found else ""
    app._state.pop("timeline", None)
    _draw(app)
