"""The services of the simulated platform: how often they fail, how long they take, what they promise.

A platform like many: stateless services on Kubernetes in three zones behind a Traefik ingress, MongoDB and PostgreSQL
for persistence, a delivery pipeline, a managed cluster for analytics.
"""

from dataclasses import dataclass, field

LIMIT = 200
IMPACT_OF_SEVERITY = {1: 1.0, 2: 0.5, 3: 0.0, 4: 0.0, 5: 0.0}
IMPACT_OF_LEVEL = {"major_outage": 1.0, "partial_outage": 0.5, "degraded_performance": 0.0, "operational": 0.0}
IMPACT_OF_MAINTENANCE = 1.0


@dataclass(frozen=True)
class Service:
    """One service of the platform.

    Attributes
    ----------
    name : str
        As the pager and the catalogue call it.
    tier : int
        1 matters most.
    failures_per_year : float
        Rate of its unplanned incidents, of any severity.
    median_minutes, spread : float
        The law of a restoration, from page to restored: lognormal with this median and this standard deviation of the
        logarithm.
    page : str
        Its component on the public status page; empty where it has none.
    paged : bool
        False where only the status page knows of its incidents.
    live_after : float
        Share of the simulated span that had passed when it went live.
    assets, needs : tuple of str
        What must be restored to restore it; services it depends on.
    objectives : dict
        As in services.yaml.
    """

    name: str
    tier: int
    failures_per_year: float
    median_minutes: float
    spread: float = 1.1
    page: str = ""
    paged: bool = True
    live_after: float = 0.0
    assets: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    objectives: dict = field(default_factory=dict)


def _promises(availability: str, **others) -> dict:
    return {"availability": availability, **others}


def _share(within: str, share: str) -> dict:
    return {"within": within, "for": share}


def _under(limit: str, share: str) -> dict:
    return {"under": limit, "for": share}


def _chance(within: str, chance: str) -> dict:
    return {"within": within, "chance": chance}


NAMED = (
    Service(
        "checkout",
        1,
        14,
        35,
        page="Checkout",
        assets=("mongo-prod",),
        needs=("ingress", "accounts", "mongo"),
        objectives=_promises(
            "99.9%",
            requests="99.9%",
            latency=_under("250ms", "97%"),
            restore=_share("4h", "90%"),
            rpo=_share("8h", "99%"),
            rto=_chance("4h", "80%"),
            mtpd="24h",
        ),
    ),
    Service(
        "ingress",
        1,
        9,
        22,
        page="Edge and ingress",
        assets=("platform-state",),
        objectives=_promises("99.9%", restore=_share("2h", "90%"), rpo=_share("48h", "99%"), rto=_chance("2h", "80%")),
    ),
    Service(
        "catalog",
        2,
        16,
        40,
        page="Catalog",
        assets=("mongo-prod",),
        needs=("ingress", "mongo"),
        objectives=_promises(
            "99.7%",
            requests="99.5%",
            latency=_under("300ms", "95%"),
            restore=_share("8h", "90%"),
            rpo=_share("12h", "95%"),
        ),
    ),
    Service(
        "search",
        2,
        13,
        45,
        page="Search",
        paged=False,
        needs=("ingress", "catalog"),
        objectives=_promises("99.5%", restore=_share("8h", "90%")),
    ),
    Service(
        "accounts",
        1,
        8,
        40,
        page="Sign-in",
        assets=("accounts-db",),
        needs=("ingress",),
        objectives=_promises(
            "99.9%", restore=_share("4h", "90%"), rpo=_share("36h", "100%"), rto=_chance("8h", "80%"), mtpd="48h"
        ),
    ),
    Service(
        "payments",
        1,
        11,
        38,
        live_after=0.28,
        assets=("accounts-db",),
        needs=("checkout", "accounts"),
        objectives=_promises("99.8%", restore=_share("4h", "90%"), rpo=_share("30h", "98%"), rto=_chance("8h", "80%")),
    ),
    Service("notifications", 3, 20, 80, 1.3, objectives=_promises("99%", restore=_share("24h", "90%"))),
    Service(
        "reporting",
        3,
        16,
        110,
        1.3,
        assets=("analytics",),
        needs=("mongo",),
        objectives=_promises("99.5%", restore=_share("24h", "95%"), rpo=_share("48h", "99%")),
    ),
    Service(
        "delivery-pipeline",
        3,
        26,
        70,
        1.2,
        assets=("platform-state", "files"),
        objectives=_promises("98%", restore=_share("24h", "95%"), rpo=_share("24h", "100%")),
    ),
    Service(
        "mongo",
        1,
        7,
        48,
        1.2,
        assets=("mongo-prod",),
        objectives=_promises("99.9%", restore=_share("6h", "90%"), rpo=_share("8h", "99%"), rto=_chance("6h", "80%")),
    ),
)


def make_services(count: int = 10) -> tuple[Service, ...]:
    """The first `count` services: ten with names, the rest numbered.

    Raises
    ------
    ValueError
        If `count` is not from 1 to 200.
    """
    if not 1 <= count <= LIMIT:
        raise ValueError(f"expected 1 to {LIMIT} services, got {count}")
    numbered = (
        Service(f"service-{n:03d}", 2 + n % 2, 6 + n % 9, 30 + 5 * (n % 12), objectives=_promises("99.5%"))
        for n in range(len(NAMED) + 1, count + 1)
    )
    chosen = (*NAMED, *numbered)[:count]
    names = {s.name for s in chosen}
    return tuple(_without_absent(s, names) for s in chosen)


def _without_absent(service: Service, names: set[str]) -> Service:
    from dataclasses import replace

    return replace(service, needs=tuple(n for n in service.needs if n in names))
