"""Requests that an ingress logged around the day a zone was lost: what was asked of two services, and what came of it.

While an incident hits users, from its begin to their relief, requests fail with the chance of its impact; one without
impact makes them slow. A pager knows of an incident only from the page on, and until all is restored.
"""

from dataclasses import dataclass

import numpy as np

from continuity_analysis.sample_data.moments import DAY, MINUTE
from continuity_analysis.sample_data.platform import Platform
from continuity_analysis.sample_data.services import IMPACT_OF_SEVERITY

LOGGED = {"checkout": 12, "catalog": 11}  # requests a minute
FROM, LASTS = 66 * DAY, 3 * DAY // 2
REQUESTS = 5  # number of this part's own stream of random numbers
TIMES_MS = np.array([8, 12, 25, 40, 90, 240, 290, 400, 1250])
CHANCES = (0.32, 0.34, 0.18, 0.10, 0.03, 0.012, 0.009, 0.006, 0.003)
SLOWER = 8


@dataclass(frozen=True)
class Request:
    """One request: received when [s], what the client got, whether a backend was asked, how long it took [ms]."""

    service: str
    at: int
    status: int
    reached: bool
    took_ms: int

    @property
    def failed(self) -> bool:
        """Whether the service failed to serve it."""
        return self.status >= 500

    @property
    def refused(self) -> bool:
        """Whether a quota kept it from the service."""
        return self.status == 429 and not self.reached


def draw_requests(platform: Platform) -> tuple[Request, ...]:
    """The requests that were logged, in order; none before the truth is told."""
    start = platform.end - FROM
    if start < platform.begin:
        return ()
    rng = np.random.default_rng([platform.seed, REQUESTS])
    names = [s.name for s in platform.services if s.name in LOGGED]
    drawn = [r for name in names for r in _of_service(platform, name, start=start, rng=rng)]
    return tuple(sorted(drawn, key=lambda r: (r.at, r.service)))


def _of_service(platform: Platform, name: str, *, start: int, rng: np.random.Generator) -> list[Request]:
    each = LOGGED[name]
    at = start + np.arange(LASTS // MINUTE * each) * MINUTE // each
    impact, slow = _felt(platform, name, at)
    luck = rng.random((2, len(at)))
    failed, refused = luck[0] < np.maximum(impact, 0.0004), luck[1] < 0.004
    took = rng.choice(TIMES_MS, len(at), p=CHANCES) * np.where(slow, SLOWER, 1)
    status = np.where(refused, 429, np.where(failed, 502, 200))
    took = np.where(refused | failed, 2, took)
    return [Request(name, int(t), int(s), bool(s == 200), int(ms)) for t, s, ms in zip(at, status, took, strict=True)]


def _felt(platform: Platform, name: str, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of the service lost to users at each moment, and whether it was slow."""
    impact, slow = np.zeros(len(at)), np.zeros(len(at), dtype=bool)
    for incident in platform.incidents:
        if incident.service == name and not incident.merged:
            during = (incident.began <= at) & (at < incident.mitigated)
            impact = np.maximum(impact, np.where(during, IMPACT_OF_SEVERITY[incident.severity], 0.0))
            slow |= during
    return impact, slow


def requests_truth(platform: Platform, requests: tuple[Request, ...], start: int, *, end: int) -> dict[str, dict]:
    """Per logged service: what was asked in [start, end), what failed and was refused, and how its minutes were."""
    found = {}
    for service in platform.services:
        own = [r for r in requests if r.service == service.name and start <= r.at < end]
        if own:
            served = [r for r in own if not r.failed and not r.refused]
            limit = int(service.objectives["latency"]["under"].removesuffix("ms"))
            found[service.name] = {
                "total": len(own),
                "failed": sum(r.failed for r in own),
                "refused": sum(r.refused for r in own),
                "request_availability": 1 - sum(r.failed for r in own) / sum(not r.refused for r in own),
                "served": len(served),
                "in_time": sum(r.took_ms <= limit for r in served),
                **_minutes(own),
            }
    return found


def _minutes(requests: list[Request]) -> dict[str, int]:
    """How many minutes had more than 5 % failed of at least 10 requests, how many no more, how many too few to tell."""
    asked: dict[int, int] = {}
    failed: dict[int, int] = {}
    for request in requests:
        minute = request.at // MINUTE
        asked[minute] = asked.get(minute, 0) + (not request.refused)
        failed[minute] = failed.get(minute, 0) + request.failed
    bad = sum(n >= 10 and 20 * failed[minute] > n for minute, n in asked.items())
    few = sum(n < 10 for n in asked.values())
    return {"bad_minutes": bad, "few_minutes": few, "good_minutes": len(asked) - bad - few}
