"""What simulated failures cost each year: down time, data lost, the longest recovery."""

from dataclasses import dataclass, fields

import numpy as np

from continuity_analysis.models.edits import Edits
from continuity_analysis.models.simulated_failures import begun_while_up
from continuity_analysis.models.simulated_outages import Outages, in_zones, together


@dataclass(frozen=True, eq=False)
class Costs:
    """What the years of a block cost; arrays of shape (services, years), as in `SimulatedYears`."""

    down: np.ndarray
    whole: np.ndarray
    failures: np.ndarray
    recoveries: np.ndarray
    lost: np.ndarray
    worst_lost: np.ndarray
    worst_recovery: np.ndarray


@dataclass(frozen=True, eq=False)
class Struck:
    """Failures under one scenario.

    Attributes
    ----------
    row, start, down : ndarray, shape (n,)
        As in `Outages`; not yet cut at the year's end.
    common : ndarray of bool
        It hits all zones.
    backup : ndarray of bool
        It is ended by restoring a backup.
    lost : ndarray
        Data lost [h]; 0 where no backup is restored.
    """

    row: np.ndarray
    start: np.ndarray
    down: np.ndarray
    common: np.ndarray
    backup: np.ndarray
    lost: np.ndarray

    def __getitem__(self, which: np.ndarray) -> "Struck":
        at = np.flatnonzero(which) if which.dtype == bool else which
        return Struck(*(getattr(self, f.name)[at] for f in fields(self)))

    @classmethod
    def joined(cls, parts: "list[Struck]") -> "Struck":
        """Several of them, in order of row and time."""
        some = [p for p in parts if len(p.row)] or parts[:1]
        if len(some) == 1:
            return some[0]
        whole = cls(*(np.concatenate([getattr(p, f.name) for p in some]) for f in fields(cls)))
        moment = whole.row * (1 + whole.start.max(initial=0)) + whole.start
        return whole[np.argsort(moment, kind="stable")]  # which merges parts that are in order each

    def happening(self) -> "Struck":
        """Those that begin while the service is up."""
        happens = begun_while_up(self.row, self.start, down=self.down)
        return self if happens.all() else self[happens]


def costs_of(parts: list[Struck], zones: list[Struck], *, edits: Edits, hours: float, needs, years: int) -> Costs:
    """What the years cost.

    Parameters
    ----------
    parts : list of Struck
        Of the zone in which services run today.
    zones : list of Struck
        Of each further zone.
    edits : Edits
    hours : float
        Length of a year [h].
    needs : ndarray or None
        As in `Platform`.
    years : int
    """
    services = len(edits.rate)
    struck = Struck.joined(parts)
    if not zones:
        struck = struck.happening()
        outages = _outages(struck, hours)
    else:
        struck, outages = _zoned(struck, zones, edits=edits, hours=hours, years=years)
    down = np.bincount(outages.row, outages.down, services * years).reshape(services, years)
    whole = down.copy()
    if needs is not None and len(needs):
        systems = np.unique(needs[:, 0])
        whole[systems] = together(outages, needs, years=years, systems=services)[systems]
    number = np.bincount(outages.row, minlength=services * years).reshape(services, years)
    return Costs(down, whole, number, **_recoveries(struck, (services, years)))


def _outages(struck: Struck, hours: float) -> Outages:
    return Outages(struck.row, struck.start, np.minimum(struck.down, hours - struck.start))


def _zoned(struck: Struck, zones: list[Struck], *, edits: Edits, hours: float, years: int):
    """Failures that no other zone makes up for, and outages, of services of which some run in several zones."""
    many = edits.zones[struck.row // years] > 1
    alone = struck[~many].happening()
    common = struck[many & struck.common].happening()
    local = [z.happening() for z in (struck[many & ~struck.common], *zones)]
    spare, failover = (np.repeat(x, years) for x in (edits.zones - edits.required, edits.failover))
    deep = in_zones([_outages(z, hours) for z in local], _outages(common, hours), spare=spare, failover=failover)
    single = _outages(alone, hours)
    row = np.concatenate([single.row, deep.row])
    order = np.argsort(row, kind="stable")
    start, down = (np.concatenate([getattr(x, f) for x in (single, deep)])[order] for f in ("start", "down"))
    return Struck.joined([alone, common]), Outages(row[order], start, down)


def _recoveries(struck: Struck, shape: tuple[int, int]) -> dict[str, np.ndarray]:
    size, some = shape[0] * shape[1], np.flatnonzero(struck.backup)
    row, lost, took = struck.row[some], struck.lost[some], struck.down[some]
    most = {}
    for name, values in (("worst_lost", lost), ("worst_recovery", took)):
        most[name] = np.zeros(size)
        np.fmax.at(most[name], row, values)
    counts = {"recoveries": np.bincount(row, minlength=size), "lost": np.bincount(row, lost, size)}
    return {name: x.reshape(shape) for name, x in (counts | most).items()}
