"""What benchmarks of speed share: competitors take turns, and one line of a table is printed for each size or task.

Seconds are processor time, which other work on the machine lengthens little, and the middle one counts.
"""

import json
import statistics
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable


def take_turns(runs: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    """Processor time [s] of every run in each round."""
    seconds = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            seconds[name].append(processor_time(run))
    return seconds


def processor_time(run: Callable[[], object]) -> float:
    """Processor time of one run [s]."""
    began = time.process_time()
    run()
    return time.process_time() - began


def middle(seconds: dict[str, list[float]]) -> dict[str, float]:
    """The middle seconds of each."""
    return {name: statistics.median(s) for name, s in seconds.items()}


def ratio(above: list[float], below: list[float]) -> float:
    """The middle one of the ratios of all rounds."""
    return round(statistics.median(a / b for a, b in zip(above, below, strict=True)), 2)


def options(description: str, *, rounds: int, **numbers: int | list[int]) -> Namespace:
    """What was given on the command line: how many rounds, whether as JSON, and some numbers or lists of numbers."""
    parser = ArgumentParser(description=description.splitlines()[0])
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default, nargs="+" if isinstance(default, list) else None)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    return parser.parse_args()


def print_table(lines: Iterable[dict], show: Callable[[dict], str], *, head: str, as_json: bool) -> int:
    """Print each line as it comes; 1 where one of them does not agree with a peer."""
    agree = True
    if not as_json:
        print(head)
    for figures in lines:
        print(json.dumps(figures) if as_json else show(figures), flush=True)
        agree = agree and figures["agree"]
    return int(not agree)
