"""What a run was made from: the period, the moment it speaks of, and how much was read."""

from dataclasses import dataclass

import pandas as pd

from continuity_analysis import __version__
from continuity_analysis.periods import Period
from continuity_analysis.words import show

SERVICES_NAMED = 24


@dataclass(frozen=True)
class RunFacts:
    """The facts that stand on every page and on the first slide.

    Attributes
    ----------
    period : Period
        What the numbers are about.
    as_of : pandas.Timestamp
        Later events are not looked at.
    files, records, rejected : int
        How much was read, and how much of it could not be used.
    unread : tuple of (str, str)
        Files that no format claims, and why.
    version : str
        Of the program.
    services : tuple of str
        Those of the catalogue.
    """

    period: Period
    as_of: pd.Timestamp
    files: int
    records: int
    rejected: int
    unread: tuple[tuple[str, str], ...] = ()
    version: str = __version__
    services: tuple[str, ...] = ()

    @property
    def days(self) -> str:
        """First and last day of the period in its own time zone, or its exact ends where those are not midnights."""
        start, end = (moment.tz_convert(self.period.timezone) for moment in (self.period.start, self.period.end))
        if start != start.normalize() or end != end.normalize():
            return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
        return f"{start:%Y-%m-%d} to {end - pd.Timedelta(days=1):%Y-%m-%d}"

    def lines(self) -> list[tuple[str, str]]:
        """Label and text of each fact."""
        name = "" if "/" in self.period.name else f"{self.period.name}, "
        read = f"{_files(self.files)}, {show(self.records, 'count')} records, {show(self.rejected, 'count')} rejected"
        read += f"; {_files(len(self.unread))} not recognised" if self.unread else ""
        return [
            ("Period", f"{name}{self.days} ({self.period.timezone})"),
            ("As of", show(self.as_of, "moment")),
            ("Read", read),
        ]

    def service_lines(self) -> list[tuple[str, str]]:
        """Label and text of the services there are, where a catalogue names some."""
        if not self.services:
            return []
        named = ", ".join(self.services[:SERVICES_NAMED])
        more = len(self.services) - SERVICES_NAMED
        return [("Services", f"{named} and {more:,} more" if more > 0 else named)]


def _files(number: int) -> str:
    return f"{show(number, 'count')} file{'s' if number != 1 else ''}"
