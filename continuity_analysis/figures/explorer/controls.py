"""The explorer's controls: which services, period, severities and clock ends; every one a plain, labelled field."""

from dataclasses import dataclass

import pandas as pd

from continuity_analysis.measurements.observations import CLOCKS
from continuity_analysis.periods import read_period
from continuity_analysis.questions.restoration import BY
from continuity_analysis.questions.selection import Choice

OWN_WORDS = "in your own words"
_CALENDAR = ({"letter": "Y", "form": "%Y"}, {"letter": "Q", "form": "%YQ%q"}, {"letter": "M", "form": "%Y-%m"})


@dataclass(frozen=True)
class Controls:
    """The widgets, each of which holds one part of what was chosen.

    Attributes
    ----------
    services : ipywidgets.SelectMultiple
        None chosen: every service.
    known_period : ipywidgets.Dropdown
        The years, quarters and months of the logs; sets `period`.
    period : ipywidgets.Text
        Any period that `read_period` understands.
    severities : ipywidgets.SelectMultiple
    by, start, end : ipywidgets.Dropdown
    box : ipywidgets.Box
        All of them.
    """

    services: object
    known_period: object
    period: object
    severities: object
    by: object
    start: object
    end: object
    box: object

    def choice(self) -> Choice:
        """What the widgets say now."""
        return Choice(
            services=tuple(self.services.value),
            severities=tuple(self.severities.value),
            by=self.by.value,
            start=self.start.value,
            end=self.end.value,
        )

    def watch(self, changed) -> None:
        """Call `changed` whenever one of them changes."""
        for widget in (self.services, self.period, self.severities, self.by, self.start, self.end):
            widget.observe(changed, names="value")


def make_controls(logs, services: list[str], period: str) -> Controls:
    """The controls for what these logs hold.

    Parameters
    ----------
    logs : Logs
    services : list of str
        Names to choose from.
    period : str
        What stands in the field at the begin.
    """
    import ipywidgets

    wide = {"layout": ipywidgets.Layout(width="260px"), "style": {"description_width": "70px"}}
    severities = logs.incidents["severity"]
    stated = [(str(s), int(s)) for s in sorted(severities.dropna().unique())]
    stated += [("not stated", None)] if severities.isna().any() else []
    known = [OWN_WORDS, *known_periods(logs)]
    fields = {
        "services": ipywidgets.SelectMultiple(
            options=services, rows=min(max(len(services), 4), 7), description="Services", **wide
        ),
        "severities": ipywidgets.SelectMultiple(
            options=stated, rows=min(max(len(stated), 4), 7), description="Severity", **wide
        ),
        "known_period": ipywidgets.Dropdown(
            options=known, value=period if period in known else OWN_WORDS, description="Calendar", **wide
        ),
        "period": ipywidgets.Text(value=period, continuous_update=False, description="Period", **wide),
        "by": ipywidgets.Dropdown(options=[(b.replace("_", " "), b) for b in BY], description="By", **wide),
        "start": ipywidgets.Dropdown(options=CLOCKS[:-1], value="started", description="From", **wide),
        "end": ipywidgets.Dropdown(options=CLOCKS[1:], value="restored", description="To", **wide),
    }
    _keep_in_step(fields["known_period"], fields["period"])
    return Controls(**fields, box=_arranged(fields))


def known_periods(logs) -> list[str]:
    """Names of the years, quarters and months that incidents and backups of these logs lie in, the newest first."""
    begins = [logs.incidents["started_at"].min(), logs.backups["started_at"].min()]
    first = pd.Series(begins, dtype="datetime64[us, UTC]").min()
    if pd.isna(first) or pd.isna(logs.as_of):
        return []
    last = max(logs.as_of - pd.Timedelta(seconds=1), first)
    days = [m.tz_convert(logs.timezone).tz_localize(None) for m in (first, last)]
    spans = {c["form"]: pd.period_range(*days, freq=c["letter"])[::-1] for c in _CALENDAR}
    return [p.strftime(form) for form in ("%YQ%q", "%Y-%m", "%Y") for p in spans[form]]


def period_at_first(logs, period) -> str:
    """The name of the period an explorer begins with: the one asked for, else the last quarter that the logs cover."""
    if period is None:
        quarters = [name for name in known_periods(logs) if "Q" in name]
        return quarters[0] if quarters else "last-quarter"
    return read_period(period, timezone=logs.timezone, as_of=logs.as_of).name


def _keep_in_step(known, period) -> None:
    """The calendar writes its period into the field; what is typed there shows in the calendar if that has it."""

    def chosen(change) -> None:
        if change["new"] != OWN_WORDS:
            period.value = change["new"]

    def typed(change) -> None:
        known.value = change["new"] if change["new"] in known.options else OWN_WORDS

    known.observe(chosen, names="value")
    period.observe(typed, names="value")


def _arranged(fields: dict):
    """The controls in three columns, one under the other where the window is narrow; Tab goes through them in order."""
    import ipywidgets

    columns = (("services",), ("severities",), ("known_period", "period", "by", "start", "end"))
    boxes = [ipywidgets.VBox([fields[name] for name in column]) for column in columns]
    hint = ipywidgets.HTML(
        "<small>Nothing chosen means all of them. Several: hold Ctrl or Shift (Cmd on a Mac), or Space.</small>"
    )
    row = ipywidgets.Box(boxes, layout=ipywidgets.Layout(display="flex", flex_flow="row wrap"))
    return ipywidgets.VBox([row, hint])
