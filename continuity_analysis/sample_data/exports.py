"""When a team exported what, and what each export could show: no log tells more than that."""

from dataclasses import dataclass

from continuity_analysis.sample_data.backups import Run
from continuity_analysis.sample_data.moments import DAY, months_before

WEEKLY = ("analytics",)
SHOWS_FAILURES = ("mongo-prod", "platform-state", "analytics")


@dataclass(frozen=True)
class Listing:
    """One listing of one asset's backups: taken when, showing which, and the latest moment that stands in it."""

    asset: str
    taken: int
    shown: tuple[Run, ...]

    @property
    def observed(self) -> int:
        """The moment it speaks of, as such listings carry no stamp of their own."""
        return max(run.finished for run in self.shown)


def take_listings(asset: str, runs: tuple[Run, ...], *, start: int, end: int) -> tuple[Listing, ...]:
    """Listings at regular distances up to `end`, each of the runs that retention has left by then.

    Often enough that no good backup comes and goes unseen. Tools that list only what they hold (pgBackRest, restic)
    never show a failed run.
    """
    taken = reversed(range(end, start, -7 * DAY)) if asset in WEEKLY else quarterly(start, end)
    listings = (Listing(asset, moment, _shown(runs, asset, moment=moment)) for moment in taken)
    return tuple(listing for listing in listings if listing.shown)


def _shown(runs: tuple[Run, ...], asset: str, *, moment: int) -> tuple[Run, ...]:
    there = (r for r in runs if r.finished <= moment < r.removed and (not r.failure or asset in SHOWS_FAILURES))
    return tuple(sorted(there, key=lambda r: (r.started, r.location)))


def quarterly(start: int, end: int) -> list[int]:
    """Every third month back from the end."""
    found, moment = [], end
    while moment > start:
        found.append(moment)
        moment = months_before(moment, 3)
    return sorted(found)
