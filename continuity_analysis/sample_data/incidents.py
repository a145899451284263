"""Unplanned incidents: Poisson starts, heavy-tailed phases, some that hit several services at once."""

from dataclasses import dataclass, replace

import numpy as np

from continuity_analysis.sample_data.moments import DAY, HOUR, MINUTE
from continuity_analysis.sample_data.services import Service

YEAR = 365.25 * DAY
SEVERITY_CHANCES = (0.06, 0.20, 0.34, 0.26, 0.14)
CORRECTED_AFTER = 40 * DAY
SYMPTOMS = {
    "infrastructure": "node lost, pods waiting to be placed",
    "attack": "flood of requests from one network",
    "natural_disaster": "site without power after a storm",
    "hotfix": "errors after an urgent fix",
    "load": "queue longer than designed for",
    "human_error": "wrong setting applied by hand",
    "update": "errors after a roll-out",
    "supplier": "supplier does not answer",
}
CAUSE_CHANCES = (0.28, 0.04, 0.01, 0.09, 0.18, 0.12, 0.20, 0.08)


@dataclass(frozen=True)
class Incident:
    """One unplanned incident of one service; moments in whole seconds.

    Attributes
    ----------
    event : int
        Incidents that one event caused share it.
    began, paged, acknowledged, mitigated, restored : int
        First users hit; responder called (the first moment a pager knows of); taken on; users relieved; over. For one
        that is still open the last of them lie after the end of the simulation.
    public : bool
        Whether the status page tells of it.
    merged : bool
        A duplicate that was merged into another incident; it counts nowhere.
    first_severity, first_service : optional
        What exports say until a review, 40 days after the page, corrects it.
    """

    event: int
    service: str
    severity: int
    cause: str
    began: int
    paged: int
    acknowledged: int
    mitigated: int
    restored: int
    public: bool = False
    merged: bool = False
    first_severity: int | None = None
    first_service: str | None = None

    @property
    def title(self) -> str:
        """One line, as a pager shows it."""
        return f"{self.service}: {SYMPTOMS[self.cause]}"

    def as_told(self, moment: int) -> "Incident":
        """The incident with the severity and service that an export of `moment` shows."""
        if moment >= self.paged + CORRECTED_AFTER:
            return self
        severity, service = self.first_severity or self.severity, self.first_service or self.service
        return replace(self, severity=severity, service=service)


def draw_incidents(service: Service, start: int, *, end: int, rng: np.random.Generator) -> list[Incident]:
    """The service's own incidents: a Poisson process on [start, end), restorations lognormal."""
    n = rng.poisson(service.failures_per_year * (end - start) / YEAR)
    pages = np.sort(rng.integers(start, end, n))
    severities = rng.choice(5, n, p=SEVERITY_CHANCES) + 1
    causes = rng.choice(list(SYMPTOMS), n, p=CAUSE_CHANCES)
    return [
        make_incident(service, int(page), severity=int(severity), cause=str(cause), rng=rng)
        for page, severity, cause in zip(pages, severities, causes, strict=True)
    ]


def make_incident(service: Service, paged: int, *, severity: int, cause: str, rng: np.random.Generator) -> Incident:
    """One incident, its restoration drawn from the service's law.

    What follows the page is a share of the whole, so that page to restored keeps its law exactly.
    """
    drawn = service.median_minutes * np.exp(service.spread * rng.standard_normal())
    whole = max(MINUTE, round(MINUTE * drawn))
    wait = min(0.7 * whole, 5 * MINUTE * np.exp(0.9 * rng.standard_normal()))
    relief = wait + (whole - wait) * rng.beta(5, 2)
    unnoticed = 4 * MINUTE * np.exp(rng.standard_normal())
    return Incident(
        event=paged,
        service=service.name,
        severity=severity,
        cause=cause,
        began=paged - round(min(unnoticed, 6 * HOUR)),
        paged=paged,
        acknowledged=paged + int(wait),
        mitigated=paged + int(relief),
        restored=paged + whole,
        public=bool(service.page) and (severity <= 3 or not service.paged),
    )


def lasting(incident: Incident, minutes: int) -> Incident:
    """The same incident, but restored `minutes` after the page."""
    whole = minutes * MINUTE
    taken_on = min(incident.acknowledged, incident.paged + whole // 2)
    restored = incident.paged + whole
    return replace(incident, acknowledged=taken_on, mitigated=restored - whole // 10, restored=restored)


def hit_together(
    services: tuple[Service, ...], paged: int, *, severities: tuple[int, ...], cause: str, rng: np.random.Generator
) -> list[Incident]:
    """One event that several services feel within minutes, each restored in its own time."""
    pages = [paged + int(delay) for delay in rng.integers(0, 4 * MINUTE, len(services))]
    return [
        replace(make_incident(service, page, severity=severity, cause=cause, rng=rng), event=paged)
        for service, page, severity in zip(services, pages, severities, strict=True)
    ]


def draw_platform_wide(
    services: tuple[Service, ...], start: int, *, end: int, rng: np.random.Generator
) -> list[Incident]:
    """Now and then a zone or the network fails: a Poisson process of 1.5 a year, each hitting three to six services."""
    found: list[Incident] = []
    for page in np.sort(rng.integers(start, end, rng.poisson(1.5 * (end - start) / YEAR))):
        hit = tuple(services[i] for i in sorted(rng.permutation(len(services))[: rng.integers(3, 7)]))
        severities = tuple(int(s) for s in rng.integers(1, 3, len(hit)))
        found += hit_together(hit, int(page), severities=severities, cause="infrastructure", rng=rng)
    return found


def add_noise(incidents: list[Incident], *, rng: np.random.Generator) -> list[Incident]:
    """Corrections after a first export, and duplicates merged into another incident, which a reader must not count."""
    names = sorted({i.service for i in incidents})
    noisy = []
    for incident in incidents:
        luck = rng.random(3)
        if luck[0] < 0.05:
            incident = replace(incident, first_severity=min(5, incident.severity + 1))
        elif luck[0] < 0.08 and not incident.public:
            incident = replace(incident, first_service=names[int(rng.integers(len(names)))])
        noisy.append(incident)
        if luck[1] < 0.06:
            noisy.append(_duplicate(incident, incident.paged + 1 + int(90 * luck[2])))
    return noisy


def _duplicate(incident: Incident, paged: int) -> Incident:
    merged = paged + 15 * MINUTE
    times = {"began": paged, "paged": paged, "acknowledged": merged, "mitigated": merged, "restored": merged}
    return replace(incident, **times, merged=True, public=False, first_severity=None, first_service=None)
