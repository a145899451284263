"""What the public status page tells: incidents with the levels of their components, and planned maintenance."""

from dataclasses import dataclass

import numpy as np

from continuity_analysis.sample_data.incidents import Incident
from continuity_analysis.sample_data.moments import DAY, HOUR, MINUTE
from continuity_analysis.sample_data.services import Service

LEVELS = {1: "major_outage", 2: "partial_outage", 3: "degraded_performance"}
WORDS = {1: "critical", 2: "major", 3: "minor"}


@dataclass(frozen=True)
class Update:
    """One update: when, the phase it announces, and the level each component it names has from then on."""

    at: int
    phase: str
    levels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PageIncident:
    """One incident on the page. `started` lies before `posted` where the author set it back to the begin of impact."""

    name: str
    impact: str
    started: int
    posted: int
    resolved: int
    updates: tuple[Update, ...]

    @property
    def components(self) -> tuple[str, ...]:
        """All components that an update names, in order of name."""
        return tuple(sorted({c for u in self.updates for c, _ in u.levels}))


@dataclass(frozen=True)
class Maintenance:
    """Planned work on one component; never begun where `begun` is None."""

    name: str
    component: str
    announced: int
    planned_from: int
    planned_until: int
    begun: int | None
    ended: int | None


def tell_incidents(
    incidents: list[Incident], services: tuple[Service, ...], *, start: int, rng: np.random.Generator
) -> tuple[PageIncident, ...]:
    """The page's side of the public incidents: those of one event are one page incident with several components.

    The page begins with a notice of the simulation's first day, so that it is known from when on it was kept.
    """
    by_name = {s.name: s for s in services if s.page}
    events: dict[int, list[Incident]] = {}
    for incident in incidents:
        if incident.public and not incident.merged:
            events.setdefault(incident.event, []).append(incident)
    told = [_tell(group, by_name, rng=rng) for _, group in sorted(events.items())]
    return (_first_notice(by_name, start), *[page for page in told if page is not None])


def _tell(group: list[Incident], by_name: dict[str, Service], *, rng: np.random.Generator) -> PageIncident | None:
    """None for what was over before anybody could post it."""
    automatic = not by_name[group[0].service].paged
    first = group[0].paged
    posted = first if automatic else first + int(rng.integers(2 * MINUTE, 10 * MINUTE))
    set_back = not automatic and rng.random() < 0.35
    group = [i for i in group if i.restored > posted + MINUTE]
    if not group:
        return None
    started = min(i.began for i in group) if set_back else posted
    resolved = max(i.restored for i in group) + (0 if automatic else int(rng.integers(0, 8 * MINUTE)))
    watching = max(posted, *(i.mitigated for i in group))
    levels = {by_name[i.service].page: LEVELS[min(i.severity, 3)] for i in group}
    updates = [Update(started, "investigating", tuple(sorted(levels.items())))]
    known = min(i.acknowledged for i in group)
    if posted < known < watching:
        updates.append(Update(known, "identified"))
    relieved = {by_name[i.service].page for i in group if len(group) > 1 and i.restored <= watching}
    eased = levels if len(group) == 1 and rng.random() < 0.4 else relieved
    better = "degraded_performance" if len(group) == 1 else "operational"
    updates.append(Update(watching, "monitoring", tuple((c, better) for c in sorted(eased))))
    updates.append(Update(resolved, "resolved", tuple((c, "operational") for c in sorted(levels))))
    worst = min(min(i.severity for i in group), 3)
    name = f"{', '.join(sorted(levels))}: {LEVELS[worst].replace('_', ' ')}"
    return PageIncident(name, WORDS[worst], started, posted, resolved, tuple(updates))


def _first_notice(by_name: dict[str, Service], start: int) -> PageIncident:
    """Slow answers everywhere for half an hour: the first thing the page ever told."""
    levels = tuple(sorted((s.page, "degraded_performance") for s in by_name.values()))
    begin, end = start + HOUR, start + HOUR + 30 * MINUTE
    over = tuple((c, "operational") for c, _ in levels)
    updates = (Update(begin, "investigating", levels), Update(end, "resolved", over))
    return PageIncident("Slow answers while this page was set up", "minor", begin, begin, end, updates)


def plan_maintenance(
    services: tuple[Service, ...], start: int, *, end: int, rng: np.random.Generator
) -> tuple[Maintenance, ...]:
    """Every other Sunday night one component in turn; some windows pass unused, the last is still to come."""
    components = [s.page for s in services if s.page]
    first_sunday = start + (3 - start // DAY) % 7 * DAY  # 1970-01-01 was a Thursday
    planned = []
    for turn, day in enumerate(range(first_sunday, end + 14 * DAY, 14 * DAY)):
        window = day + 2 * HOUR
        announced = window - int(rng.integers(4 * DAY, 7 * DAY))
        delay, minutes, luck = int(rng.integers(0, 4 * MINUTE)), int(rng.integers(6, 30)), rng.random()
        used = luck > 0.08 and window + 2 * HOUR < end
        begun = window + delay if used else None
        planned.append(
            Maintenance(
                f"Platform update: {components[turn % len(components)]}",
                components[turn % len(components)],
                announced,
                window,
                window + 2 * HOUR,
                begun,
                begun + minutes * MINUTE if used else None,
            )
        )
    return tuple(m for m in planned if start <= m.announced < end)
