"""The truth about recovery points: how old the newest restorable data was at every moment the listings vouch for."""

import heapq
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from continuity_analysis.sample_data.exports import Listing, take_listings
from continuity_analysis.sample_data.moments import HOUR
from continuity_analysis.sample_data.platform import Platform


@dataclass(frozen=True)
class Point:
    """Data of moment `point` that could be restored from `usable` until `gone`."""

    point: int
    usable: int
    gone: int


@dataclass(frozen=True)
class Stretch:
    """[start, end) in which the newest restorable data was of moment `point`; None: there was none."""

    start: int
    end: int
    point: int | None


def exposure_truth(platform: Platform, start: int, *, end: int) -> dict[str, dict]:
    """Exposure of every asset that was listed through the whole window, and of the services that need only such.

    A window ends for an asset with its last listing; what came later nobody vouches for. An asset whose logs were
    saved as well in a part of the window is left out: no listing says how far they reached at which moment.
    """
    limits = {s.name: _limit(s.objectives) for s in platform.services}
    stretches = {}
    for asset, runs in platform.runs.items():
        listings = take_listings(asset, runs, start=platform.start, end=platform.end)
        known = bool(listings) and listings[0].shown[0].started <= start < listings[-1].observed
        if known and not (asset == "mongo-prod" and platform.logged[0] < end and start < platform.logged[1]):
            stretches[asset] = asset_stretches(listings, start, end=min(end, listings[-1].observed))
    needed = {s.name: s.assets for s in platform.services if s.assets and set(s.assets) <= set(stretches)}
    return {
        "assets": {asset: _numbers(found, None) for asset, found in sorted(stretches.items())},
        "asset_services": {
            name: _numbers(worst_of([stretches[a] for a in assets], since=platform.live_since[name]), limits[name])
            for name, assets in needed.items()
            if platform.live_since[name] < end
        },
    }


def _limit(objectives: dict) -> int | None:
    return int(objectives["rpo"]["within"].removesuffix("h")) * HOUR if "rpo" in objectives else None


def asset_stretches(listings: tuple[Listing, ...], start: int, *, end: int) -> list[Stretch]:
    """The course of an asset's newest restorable data over [start, end)."""
    points = _points(listings)
    moments = sorted({start, end, *(m for p in points for m in (p.usable, p.gone) if start < m < end)})
    waiting = sorted(points, key=lambda p: p.usable, reverse=True)
    newest: list[tuple[int, int]] = []
    found = []
    for a, b in pairwise(moments):
        while waiting and waiting[-1].usable <= a:
            point = waiting.pop()
            heapq.heappush(newest, (-point.point, point.gone))
        while newest and newest[0][1] <= a:
            heapq.heappop(newest)
        found.append(Stretch(a, b, -newest[0][0] if newest else None))
    return found


def _points(listings: tuple[Listing, ...]) -> list[Point]:
    """The good backups that some listing shows; one that builds on another is restorable while both are there."""
    seen = dict.fromkeys(run for listing in listings for run in listing.shown)
    fulls = {(run.location, run.started): run for run in seen if run.parent is None}
    points = []
    for run in seen:
        chain = [run] if run.parent is None else [run, fulls[run.location, run.parent]]
        if not any(r.failure for r in chain):
            points.append(Point(run.point, max(r.finished for r in chain), min(r.removed for r in chain)))
    return points


def worst_of(assets: list[list[Stretch]], *, since: int) -> list[Stretch]:
    """A service loses what its worst asset loses: the oldest newest point; nothing is left where one asset has none.

    It is observed from `since` on. Beyond the last listing of one asset nothing is known, unless another has nothing
    to restore from.
    """
    moments = sorted({m for stretches in assets for s in stretches for m in (s.start, s.end)} | {since})
    found = []
    for a, b in pairwise(m for m in moments if m >= since):
        now = [_at(stretches, a) for stretches in assets]
        if any(s is not None and s.point is None for s in now):
            found.append(Stretch(a, b, None))
        elif all(s is not None for s in now):
            found.append(Stretch(a, b, min(s.point for s in now)))
    return found


def _at(stretches: list[Stretch], moment: int) -> Stretch | None:
    """The stretch that holds a moment."""
    n = bisect_right(stretches, moment, key=lambda s: s.start) - 1
    return stretches[n] if n >= 0 and moment < stretches[n].end else None


def _numbers(stretches: list[Stretch], limit: int | None) -> dict:
    """The law of the age over the stretches; null hours are infinite: there was nothing to restore from."""
    total = sum(s.end - s.start for s in stretches)
    ages = [(s.start - s.point, s.end - s.point) for s in stretches if s.point is not None]
    protected = sum(b - a for a, b in ages)
    bare = total - protected
    told = {
        "covered_seconds": total,
        "mean_hours": sum(b * b - a * a for a, b in ages) / 2 / protected / HOUR if protected else None,
        "p50_hours": _quantile(ages, total, share=Fraction(50, 100)),
        "p95_hours": _quantile(ages, total, share=Fraction(95, 100)),
        "p99_hours": _quantile(ages, total, share=Fraction(99, 100)),
        "worst_hours": None if bare else max(b for _, b in ages) / HOUR,
        "unprotected_share": bare / total,
    }
    if limit is not None:
        over = bare + sum(max(0, b - max(a, limit)) for a, b in ages)
        told |= {"share_over_objective": over / total}
    return told


def _quantile(ages: list[tuple[int, int]], total: int, *, share: Fraction) -> float | None:
    """The age [h] not exceeded for `share` of the time: each stretch is uniform between its two ages."""
    changes: dict[int, int] = {}
    for a, b in ages:
        changes[a] = changes.get(a, 0) + 1
        changes[b] = changes.get(b, 0) - 1
    wanted, reached, slope, before = share * total, 0, 0, 0
    for age in sorted(changes):
        gained = slope * (age - before)
        if slope and reached + gained >= wanted:
            return float((before + (wanted - reached) / slope) / HOUR)
        reached, slope, before = reached + gained, slope + changes[age], age
    return None
