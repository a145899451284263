"""The simulated platform as a whole: one seed, one history."""

from dataclasses import dataclass, replace

import numpy as np

from continuity_analysis.sample_data.backups import MANAGED, SCHEDULES, Run, draw_runs
from continuity_analysis.sample_data.drills import Drill, hold_drills
from continuity_analysis.sample_data.incidents import (
    Incident,
    add_noise,
    draw_incidents,
    draw_platform_wide,
    hit_together,
    lasting,
    make_incident,
)
from continuity_analysis.sample_data.moments import DAY, HOUR, months_before, second
from continuity_analysis.sample_data.services import Service, make_services
from continuity_analysis.sample_data.status_page import Maintenance, PageIncident, plan_maintenance, tell_incidents

AS_OF = second(2026, 10)
WARM_UP = 31 * DAY
MANAGED_SINCE = 100 * DAY
LOGGED = (395 * DAY, 300 * DAY)  # before the end: point-in-time logging of mongo-prod was tried out
INCIDENTS, PAGE, BACKUPS, DRILLS, STORY = range(5)


@dataclass(frozen=True)
class Platform:
    """One history. `start` lies a month before `begin`, from where on the truth is told, so that logs reach back.

    Attributes
    ----------
    seed : int
    start, begin, end : int
        Moments in whole seconds.
    live_since : dict of str to int
        When each service went live.
    incidents, page, maintenance, runs, drills : tuple or dict
        What happened; `runs` by asset.
    """

    seed: int
    start: int
    begin: int
    end: int
    services: tuple[Service, ...]
    live_since: dict[str, int]
    incidents: tuple[Incident, ...]
    page: tuple[PageIncident, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    runs: dict[str, tuple[Run, ...]] | None = None
    drills: tuple[Drill, ...] = ()

    @property
    def logged(self) -> tuple[int, int]:
        """The stretch in which mongo-prod saved its oplog as well, so that any second of it could be restored."""
        return self.end - LOGGED[0], self.end - LOGGED[1]


def simulate_incidents(services: tuple[Service, ...], *, seed: int = 0, months: int = 18, end: int = AS_OF) -> Platform:
    """The services' own incidents alone, each restoration from its service's law, nothing planned or scripted."""
    begin = months_before(end, months)
    start = begin - WARM_UP
    live_since = {s.name: _live_since(s, start, end=end) for s in services}
    rng = _random(seed, INCIDENTS)
    drawn = [i for s in services for i in draw_incidents(s, live_since[s.name], end=end, rng=rng)]
    incidents = tuple(sorted(drawn, key=lambda i: (i.paged, i.service)))
    return Platform(seed, start, begin, end, services, live_since, incidents)


def simulate_platform(*, seed: int = 0, months: int = 18, services: int = 10, end: int = AS_OF) -> Platform:
    """Everything: incidents, the status page, maintenance, backups and drills.

    Parameters
    ----------
    seed : int
        The same seed gives the same history.
    months : int
        Calendar months before `end` that the truth is told of; one more is simulated before them.
    services : int
        1 to 200: ten with names, then numbered ones.
    end : int
        The moment of the last exports [s since 1970, UTC].
    """
    alone = simulate_incidents(make_services(services), seed=seed, months=months, end=end)
    names = {s.name for s in alone.services}
    incidents = _with_the_rest(alone)
    runs = _all_runs(alone)
    page, rng = (), _random(seed, PAGE)
    if any(s.page for s in alone.services):
        page = tell_incidents(incidents, alone.services, start=alone.start, rng=rng)
    return replace(
        alone,
        incidents=tuple(incidents),
        page=page,
        maintenance=plan_maintenance(alone.services, alone.start, end=end, rng=rng) if page else (),
        runs=runs,
        drills=hold_drills(names, runs, start=alone.start, end=end, rng=_random(seed, DRILLS)),
    )


def _random(seed: int, part: int) -> np.random.Generator:
    return np.random.default_rng([seed, part])


def _live_since(service: Service, start: int, *, end: int) -> int:
    if not service.live_after:
        return start
    return start + round(service.live_after * (end - start) / DAY) * DAY


def _with_the_rest(platform: Platform) -> list[Incident]:
    """Own incidents, platform-wide ones and the story, with corrections and duplicates where a pager is used."""
    rng, live = _random(platform.seed, STORY), platform.live_since
    everyone = tuple(s for s in platform.services if live[s.name] == platform.start)
    shared = draw_platform_wide(everyone, platform.start, end=platform.end, rng=rng) if len(everyone) > 5 else []
    drawn = [*platform.incidents, *shared, *_story(platform, rng=rng)]
    paged = {s.name for s in platform.services if s.paged}
    noisy = add_noise([i for i in drawn if i.service in paged], rng=rng)
    told = noisy + [i for i in drawn if i.service not in paged]
    return sorted(told, key=lambda i: (i.paged, i.service, i.merged))


def _story(platform: Platform, *, rng: np.random.Generator) -> list[Incident]:
    """What the last quarter is remembered for: a zone lost, two incidents at once, two still open at the end.

    One was open when the quarter began, and one had first been given to another service.
    """
    by_name, end = {s.name: s for s in platform.services}, platform.end
    zone = tuple(by_name[n] for n in ("checkout", "ingress", "catalog", "payments", "mongo") if n in by_name)
    severities = (1, 2, 1, 1, 2)[: len(zone)]
    found = hit_together(zone, end - 66 * DAY + 9 * HOUR, severities=severities, cause="infrastructure", rng=rng)
    quarter = months_before(end, 3)
    scripted = (
        ("checkout", end - 31 * DAY, 2, "hotfix", 190),
        ("checkout", end - 31 * DAY + 2 * HOUR, 3, "load", 45),
        ("notifications", end - 17 * DAY, 2, "supplier", 610),
        ("reporting", end - 52 * HOUR, 3, "update", 9000),
        ("notifications", end - 3 * HOUR, 2, "supplier", 2000),
        ("delivery-pipeline", quarter - 5 * HOUR, 2, "human_error", 480),
        ("payments", quarter - 20 * DAY, 2, "load", 50),
    )
    for name, page, severity, cause, minutes in scripted:
        if name in by_name:
            one = make_incident(by_name[name], page, severity=severity, cause=cause, rng=rng)
            found.append(lasting(one, minutes))
    found[-1] = replace(found[-1], first_service="checkout") if "payments" in by_name else found[-1]
    return [i for i in found if i.paged >= platform.live_since[i.service]]


def _all_runs(platform: Platform) -> dict[str, tuple[Run, ...]]:
    """Runs by asset, of the assets that some service needs."""
    wanted = {a for s in platform.services for a in s.assets}
    end = platform.end
    outages = {
        "mongo-prod": ((end - 41 * DAY, end - 37 * DAY, "storage refused the key: access denied"),),
        "platform-state": ((end - 150 * DAY, end - 146 * DAY, "object store not reachable"),),
        "analytics": ((end - 60 * DAY, end - 49 * DAY, "cluster was being upgraded"),),
    }
    found: dict[str, tuple[Run, ...]] = {}
    for n, schedule in enumerate(SCHEDULES):
        if schedule.asset in wanted:
            since = max(platform.start, end - MANAGED_SINCE) if schedule.location == MANAGED else platform.start
            rng = np.random.default_rng([platform.seed, BACKUPS, n])
            drawn = draw_runs(schedule, since, end=end, outages=outages.get(schedule.asset, ()), rng=rng)
            found[schedule.asset] = found.get(schedule.asset, ()) + tuple(drawn)
    return found
