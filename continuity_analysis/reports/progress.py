"""A bar per notebook, on a terminal only."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from continuity_analysis.reports.execution import Progress


@contextmanager
def bars(names: Iterable[str]) -> Iterator[Progress | None]:
    """Bars for notebooks of these names; what is yielded is to be told of their progress. None without a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as shown:
        tasks = {name: shown.add_task(name.replace("_", " "), total=None) for name in names}

        def told(name: str, done: int, of: int) -> None:
            report, _, service = name.partition("/")
            if not service:
                shown.update(tasks[report], completed=done, total=of)
            elif done == of:  # of a report that is run once per service, services are counted
                shown.advance(tasks[report])

        yield told
