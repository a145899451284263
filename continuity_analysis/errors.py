"""The errors a user can meet: each says in one sentence what was expected, what came and what to do."""


class ContinuityError(Exception):
    """Something the user can put right; the command line prints its one sentence and no traceback."""


class InputError(ContinuityError):
    """A file, folder or option given to a command cannot be used as it is."""


class CatalogError(ContinuityError):
    """`services.yaml`, or a scenario, says something that is not understood."""


class PeriodError(ContinuityError):
    """A period, moment or time zone cannot be read."""


class FormatError(ContinuityError):
    """A format module breaks the contract of `continuity_analysis.ingest.formats`."""


class StoreError(ContinuityError):
    """The store cannot be read or written, or was written by a newer version."""


class ReportError(ContinuityError):
    """A report was run and failed; the others are still there."""


class NotificationError(ContinuityError):
    """A run is written, but somebody who was to be told of it could not be."""


class Terminated(BaseException):
    """The system told the program to end (SIGTERM): a run ends in order and exits with 143."""
