"""What is measured of logs is measured once: they are frozen, so asked again the answer is the same."""

from collections.abc import Callable
from functools import wraps
from weakref import WeakKeyDictionary

_MEASURED = WeakKeyDictionary()


def once(measure: Callable) -> Callable:
    """A measurement that remembers its results as long as the logs live.

    Parameters
    ----------
    measure : callable
        Takes logs, then frames that are themselves measured once (told apart by identity), then plain options. What it
        returns is shared by all who ask: they make new frames of it and leave it as it is.
    """

    @wraps(measure)
    def measured(logs, *frames, **options):
        known = _MEASURED.setdefault(logs, {})
        key = (measure, *map(id, frames), *sorted(options.items()))
        if key not in known:
            known[key] = measure(logs, *frames, **options), frames  # while the frames are kept, so are their identities
        return known[key][0]

    return measured
