"""One block of simulated years: its failures, drawn once, and what they cost under each scenario."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from continuity_analysis.models.availability import HOURS_PER_YEAR
from continuity_analysis.models.edits import Disaster, Edits
from continuity_analysis.models.platform import Platform
from continuity_analysis.models.simulated_costs import Costs, Struck, costs_of
from continuity_analysis.models.simulated_failures import Failures, draw_failures, hits
from continuity_analysis.models.simulated_losses import (
    down_hours,
    faster,
    lost_hours,
    needs_backup,
    recovery_hours,
    undetected_share,
)


@dataclass(frozen=True, eq=False)
class Block:
    """Years drawn once for all scenarios.

    Attributes
    ----------
    platform : Platform
    scenarios : sequence of Edits
    draw : ndarray of int64, shape (years,)
        Which draw of the parameters each year has.
    hours : float
        Length of a year [h].
    key : tuple
        What all its random numbers are drawn by.
    """

    platform: Platform
    scenarios: Sequence[Edits]
    draw: np.ndarray
    hours: float
    key: tuple
    drawn: dict = field(default_factory=dict)

    def costs(self, edits: Edits) -> Costs:
        """What the years cost under one scenario."""
        own = [self._struck(f, edits, layer=k) for k, f in enumerate(self._layers("own"))]
        shared = [self._struck(f, edits, layer=k, common=True) for k, f in enumerate(self._layers("shared"))]
        disasters = [self._disaster(d, edits) for d in edits.disasters]
        zones = [self._zone(number, edits) for number in range(1, int(edits.zones.max(initial=1)))]
        return costs_of([*own, *shared, *disasters], zones, edits=edits, hours=self.hours, needs=self.platform.needs,
                        years=len(self.draw))  # fmt: skip

    def _once(self, name: tuple, draw) -> list[Failures]:
        """What is drawn once and the same for all scenarios."""
        if name not in self.drawn:
            self.drawn[name] = draw()
        return self.drawn[name]

    def _rates(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rate of each service's own failures, chance to be hit by what is shared, and rate of that [1/h]."""
        rate, shared = np.nan_to_num(self.platform.failures.rate[:, self.draw]), self.platform.shared
        if shared is None:
            return rate, np.zeros(0), np.zeros(0)
        often = shared.rate[self.draw]
        hit = np.minimum(shared.share[:, self.draw] * rate / often, 1)
        return rate - hit * often, hit, often

    def _keys(self, *what) -> list[tuple]:
        return [(*self.key, name, *what) for name in self.platform.services]

    def _layers(self, what: str) -> list[Failures]:
        """Failures of all services at today's rate, and what comes on top of them where a scenario raises it."""
        return self._once((what,), self._own if what == "own" else self._shared)

    def _most(self) -> np.ndarray:
        return np.max([s.rate for s in self.scenarios], axis=0, initial=1.0)

    def _own(self) -> list[Failures]:
        rate, most = self._rates()[0] * self.hours, self._most()
        layers = range(int(np.ceil(most.max(initial=1))))
        drawn = (np.where((most > k)[:, None], rate, 0.0) for k in layers)
        return [draw_failures(r, hours=self.hours, keys=self._keys("own", k)) for k, r in enumerate(drawn)]

    def _shared(self) -> list[Failures]:
        if self.platform.shared is None:
            return []
        _, hit, often = self._rates()
        shocks = draw_failures(often[None] * self.hours, hours=self.hours, keys=[(*self.key, "shared cause")])
        layers, keys = range(int(np.ceil(self._most().max(initial=1)))), self._keys("shared")
        return [hits(shocks, hit, years=len(self.draw), keys=keys, layer=k) for k in layers]

    def _disaster(self, disaster: Disaster, edits: Edits) -> Struck:
        """Every service that a disaster hits."""
        years, name = len(self.draw), (disaster.name, disaster.per_year, disaster.hits.tobytes())
        mean = np.full((1, years), disaster.per_year * self.hours / HOURS_PER_YEAR)
        chance = np.repeat(disaster.hits.astype(float)[:, None], years, axis=1)

        def draw():
            shocks = draw_failures(mean, hours=self.hours, keys=[(*self.key, "disaster", disaster.name)])
            return hits(shocks, chance, years=years, keys=self._keys("disaster", disaster.name))

        failures = self._once(name, draw)
        return self._struck(failures, edits, common=not disaster.one_zone, disaster=disaster)

    def _zone(self, number: int, edits: Edits) -> Struck:
        """What fails in one more zone only."""
        zoned = edits.zones > number
        rate = self._rates()[0] * zoned[:, None] * np.ceil(edits.rate)[:, None] * self.hours
        name = ("zone", number, rate.tobytes())
        failures = self._once(name, lambda: draw_failures(rate, hours=self.hours, keys=self._keys("zone", number)))
        share = edits.rate * (1 - edits.common_cause) / np.maximum(np.ceil(edits.rate), 1)
        local = [self._struck(failures, edits, kept=failures.kept(share, years=len(self.draw)))]
        struck = [d for d in edits.disasters if d.one_zone]
        local += [self._disaster(_elsewhere(d, zoned, number), edits) for d in struck]
        return Struck.joined(local)

    def _struck(self, failures: Failures, edits: Edits, *, layer=0, common=None, kept=None, disaster=None) -> Struck:
        """Failures as they strike under one scenario."""
        years = len(self.draw)
        kept = failures.kept(edits.rate, years=years, layer=layer) if kept is None and disaster is None else kept
        hours, backup = self._today(failures, always=disaster is not None)
        hours, service = self._edited(failures, hours, edits), failures.row // years
        lost, at = np.zeros(len(hours)), np.flatnonzero(backup)
        lost[at] = lost_hours(self.platform, failures, at, draw=self.draw, edits=edits)
        if disaster is not None:
            hours, lost = (x if np.isnan(s) else np.full(len(x), s)
                           for s, x in ((disaster.down_hours, hours), (disaster.lost_hours, lost)))  # fmt: skip
        if common is None:
            many = (edits.zones > 1).any()
            common = failures.variates("common") < edits.common_cause[service] if many else True
        common = np.broadcast_to(np.asarray(common, dtype=bool), hours.shape)
        struck = Struck(failures.row, failures.start, hours, common, backup, lost)
        return struck if kept is None else struck[kept]

    def _today(self, failures: Failures, *, always: bool) -> tuple[np.ndarray, np.ndarray]:
        """How long each lasts today [h], and whether it needs a backup."""
        if "today" not in failures.drawn:
            hours = down_hours(self.platform, failures, draw=self.draw)
            backup = (
                np.ones(len(hours), dtype=bool) if always else needs_backup(self.platform, failures, draw=self.draw)
            )
            at = np.flatnonzero(backup)
            takes = recovery_hours(self.platform, failures, at, draw=self.draw)
            hours[at] = np.where(np.isnan(takes), hours[at], takes)
            failures.drawn["today"] = hours, backup
        return failures.drawn["today"]

    def _edited(self, failures: Failures, hours: np.ndarray, edits: Edits) -> np.ndarray:
        if np.isinf(edits.detect_at_most).all() and (edits.restore == 1).all():
            return hours
        share = undetected_share(self.platform, failures, draw=self.draw)
        return faster(hours, share, edits, service=failures.row // len(self.draw))


def _elsewhere(disaster: Disaster, zoned: np.ndarray, number: int) -> Disaster:
    """The same disaster, striking another zone."""
    return Disaster(f"{disaster.name} in zone {number}", disaster.per_year, disaster.hits & zoned, True,
                    disaster.down_hours, disaster.lost_hours)  # fmt: skip
