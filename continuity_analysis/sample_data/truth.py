"""The truth about a simulated platform: what its exports can prove, worked out from its own history.

Whole seconds and plain sums, one service after the other, by the definitions that README.md beside the data names;
nothing of what it is to test is used.
"""

from itertools import pairwise

from continuity_analysis.sample_data.drills import Drill
from continuity_analysis.sample_data.moments import DAY, HOUR, quarters, utc
from continuity_analysis.sample_data.platform import Platform
from continuity_analysis.sample_data.requests import Request, requests_truth
from continuity_analysis.sample_data.services import (
    IMPACT_OF_LEVEL,
    IMPACT_OF_MAINTENANCE,
    IMPACT_OF_SEVERITY,
    Service,
)
from continuity_analysis.sample_data.status_page import PageIncident
from continuity_analysis.sample_data.truth_exposure import exposure_truth

Piece = tuple[int, int, float]


def truth_of(platform: Platform, requests: tuple[Request, ...] = ()) -> dict:
    """All of truth.json.

    Returns
    -------
    dict
        as_of, begin, seed; periods (each whole quarter, and the whole span): start, end, services (availability),
        assets and asset_services (recovery-point exposure), requests; restoration; recoveries.
    """
    windows = quarters(platform.begin, platform.end)
    windows[f"{utc(platform.begin)[:10]}/{utc(platform.end)[:10]}"] = (platform.begin, platform.end)
    return {
        "as_of": utc(platform.end),
        "begin": utc(platform.begin),
        "seed": platform.seed,
        "periods": {
            name: _period(platform, start, end=end, requests=requests) for name, (start, end) in windows.items()
        },
        "restoration": restoration_truth(platform),
        "recoveries": _recoveries(platform),
    }


def _period(platform: Platform, start: int, *, end: int, requests: tuple[Request, ...]) -> dict:
    told = {"start": utc(start), "end": utc(end), "services": availability_truth(platform, start, end=end)}
    told |= {"requests": requests_truth(platform, requests, start, end=end)} if requests else {}
    return told | (exposure_truth(platform, start, end=end) if platform.runs else {})


def availability_truth(platform: Platform, start: int, *, end: int) -> dict[str, dict]:
    """Per service: down time in [start, end), weighted by impact, and the failures that began in it."""
    found = {}
    for service in platform.services:
        live = max(start, platform.live_since[service.name])
        if live >= end:
            continue
        unplanned, planned = disruptions_of(platform, service)
        down, extra = _weigh(unplanned, planned, start=live, end=end)
        pieces = _merged([(a, b) for a, b, impact in unplanned if impact > 0])
        found[service.name] = {
            "availability": 1 - (down + extra) / (end - live),
            "unplanned_availability": 1 - down / (end - live),
            "agreed_seconds": end - live,
            "down_seconds": down + extra,
            "unplanned_seconds": down,
            "planned_seconds": extra,
            "failures": sum(live <= a < end for a, _ in pieces),
        }
    return found


def disruptions_of(platform: Platform, service: Service) -> tuple[list[Piece], list[Piece]]:
    """Unplanned and planned disruptions of a service as its exports tell them: (from, until, impact)."""
    told = [i.as_told(platform.end) for i in platform.incidents if not i.merged]
    unplanned = [
        (i.paged, min(i.restored, platform.end), IMPACT_OF_SEVERITY[i.severity])
        for i in told
        if i.service == service.name and service.paged and i.paged <= platform.end
    ]
    for incident in platform.page:
        unplanned += level_pieces(incident, service.page, end=platform.end)
    planned = [
        (m.begun, m.ended, IMPACT_OF_MAINTENANCE)
        for m in platform.maintenance
        if m.component == service.page and m.begun is not None
    ]
    return unplanned, planned


def level_pieces(incident: PageIncident, component: str, *, end: int) -> list[Piece]:
    """The levels a page incident gave one component, each lasting until the next update that names it."""
    if incident.posted > end:
        return []
    steps = [(u.at, dict(u.levels)[component]) for u in incident.updates if component in dict(u.levels) and u.at <= end]
    ends = [at for at, _ in steps[1:]] + [min(incident.resolved, end)] * bool(steps)
    return [(at, until, IMPACT_OF_LEVEL[level]) for (at, level), until in zip(steps, ends, strict=True)]


def _weigh(unplanned: list[Piece], planned: list[Piece], *, start: int, end: int) -> tuple[float, float]:
    """Seconds down, unplanned, and what planned work adds: at each moment the largest impact counts, once."""
    unplanned, planned = ([p for p in pieces if p[0] < end and p[1] > start] for pieces in (unplanned, planned))
    moments = sorted({start, end, *(t for piece in unplanned + planned for t in piece[:2] if start < t < end)})
    down = extra = 0.0
    for a, b in pairwise(moments):
        worst = max((w for s, e, w in unplanned if s <= a < e), default=0.0)
        works = max((w for s, e, w in planned if s <= a < e), default=0.0)
        down += worst * (b - a)
        extra += max(works - worst, 0.0) * (b - a)
    return down, extra


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The union of stretches; those that touch become one."""
    union: list[tuple[int, int]] = []
    for a, b in sorted(stretches):
        if union and a <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], b))
        else:
            union.append((a, b))
    return union


def restoration_truth(platform: Platform) -> dict[str, dict]:
    """Per service: the median of the law its restorations were drawn from, and how many incidents there were.

    `n` counts what the pager (or, for a service that is not paged, the status page) tells of incidents since the begin,
    `open` those not yet over.
    """
    found = {}
    for service in platform.services:
        ends = _ends_of(platform, service)
        found[service.name] = {
            "median_hours": service.median_minutes / 60,
            "spread": service.spread,
            "n": len(ends),
            "open": sum(end > platform.end for end in ends),
        }
    return found


def _ends_of(platform: Platform, service: Service) -> list[int]:
    """When each of its incidents since the begin was over."""
    if not service.paged:
        told = [p for p in platform.page if service.page in p.components]
        return [p.resolved for p in told if platform.begin <= p.posted <= platform.end]
    paged = [i.as_told(platform.end) for i in platform.incidents if not i.merged]
    own = [i for i in paged if i.service == service.name]
    return [i.restored for i in own if platform.begin <= i.paged <= platform.end]


def _recoveries(platform: Platform) -> dict[str, dict]:
    """Per service with an objective for it: attempts, those that count, those that met it, the slowest success.

    What is older than a year proves nothing any more.
    """
    found = {}
    fresh = [d for d in platform.drills if d.ended > platform.end - 365 * DAY]
    for service in platform.services:
        drills = [d for d in fresh if d.service == service.name]
        if not drills or "rto" not in service.objectives:
            continue
        limit = int(service.objectives["rto"]["within"].removesuffix("h")) * HOUR
        counted = [d for d in drills if _counts(d, limit)]
        lengths = [d.service_restored - d.disrupted for d in drills if d.service_restored is not None]
        found[service.name] = {
            "n": len(drills),
            "evaluable": len(counted),
            "met": sum(length <= limit for length in lengths),
            "slowest_hours": max(lengths, default=None) and max(lengths) / HOUR,
        }
    return found


def _counts(drill: Drill, limit: int) -> bool:
    """A completed or failed attempt counts; one called off only if it had already taken too long."""
    return drill.outcome != "aborted" or drill.ended - drill.disrupted > limit
