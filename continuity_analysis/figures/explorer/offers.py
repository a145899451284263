"""What the explorer's lists offer: the groups, and the incidents behind one of them."""

from math import isnan

from continuity_analysis.figures.explorer.panes import View, incidents_behind
from continuity_analysis.words import show

EVERY_GROUP, NO_INCIDENT = ("every group", ""), ("no incident chosen", ("", ""))


def groups_of(view: View) -> list[tuple[str, str]]:
    """The groups that have incidents, with how many of them count."""
    counts = view.chosen.durations["group"].value_counts()
    rows = view.chosen.restoration[["group", "n"]].itertuples(index=False)
    return [EVERY_GROUP, *((f"{g} (n = {n})", g) for g, n in rows if counts.get(g, 0))]


def incidents_of(view: View, group: str) -> list[tuple[str, tuple[str, str]]]:
    """The incidents behind a group, the newest first; one stands once, whatever services it disrupted."""
    rows = incidents_behind(view, group).drop_duplicates(["product", "incident_id"])
    rows = rows.sort_values("started_at", ascending=False)
    return [NO_INCIDENT, *((_name(r), (r.product, r.incident_id)) for r in rows.itertuples())]


def _name(row) -> str:
    lasted = "" if isnan(row.hours) else f", {'not over after ' if row.censored else ''}{show(row.hours, 'hours')}"
    title = show(row.title, "text").removeprefix(f"{row.service}: ")
    return f"{show(row.started_at, 'moment')}  {row.service}: {title}{lasted} ({row.incident_id})"


def offer(widget, options: list[tuple]) -> None:
    """New options; what was chosen stays chosen where it is still there."""
    before = widget.value
    if tuple(options) != tuple(widget.options):
        widget.options = options
        widget.value = before if before in [value for _, value in options] else options[0][1]
