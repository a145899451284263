"""How long unions and availabilities of millions of intervals take, beside a sort of their starts and beside peers.

    python benchmarks/intervals.py [--sizes 10000 100000 1000000 10000000] [--services 1000] [--rounds 7]

Intervals of many services within one year, in no order; half of the time, on average, something is open. The floor is
`numpy.sort` of the starts alone. `union` gives disjoint intervals per service, `availability` the share of the year in
none, per service. Peers give the same union: staircase and portion hold all services on one line, which spares them a
loop over services; pandas sorts, takes the running maximum of ends per service and groups. Each is left out above the
size it can bear. All take turns; seconds are processor time, which other work on the machine does not lengthen, and the
middle one counts; ratios are the middle ones of all rounds. Exits with 1 when a peer finds another length.
"""

import sys
from functools import partial

import numpy as np
import pandas as pd
from turns import middle, options, print_table, ratio, take_turns

from continuity_analysis.measurements.intervals import Intervals, lengths, union
from continuity_analysis.measurements.union_lengths import union_lengths

YEAR = 365 * 86_400_000_000
AT_MOST = {"staircase": 1_000_000, "portion": 100_000, "pandas": 10_000_000}


def make_intervals(n: int, services: int, *, seed: int = 0) -> Intervals:
    """`n` intervals that start anywhere in a year and are as long as to fill half of it, were there no overlaps."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, YEAR, n)
    length = rng.exponential(0.5 * YEAR * services / n, n).astype(np.int64)
    return Intervals(rng.integers(0, services, n), start, start + length)


def sort_starts(x: Intervals, services: int) -> None:
    np.sort(x.start)


def unite(x: Intervals, services: int) -> Intervals:
    return union(x)


def measure_availability(x: Intervals, services: int) -> np.ndarray:
    return 1 - union_lengths(x, services, start=0, end=YEAR) / YEAR


def unite_with_staircase(x: Intervals, services: int) -> float:
    import staircase

    start, end = on_one_line(x)
    return staircase.Stairs(start=start, end=end).make_boolean().integral()


def unite_with_portion(x: Intervals, services: int) -> int:
    import portion

    start, end = on_one_line(x)
    each = (portion.closedopen(a, b) for a, b in zip(start.tolist(), end.tolist(), strict=True))
    return sum(block.upper - block.lower for block in portion.Interval(*each))


def unite_with_pandas(x: Intervals, services: int) -> int:
    rows = pd.DataFrame({"service": x.group, "start": x.start, "end": x.end}).sort_values(["service", "start"])
    reached = rows.groupby("service")["end"].cummax()
    new = (rows["service"] != rows["service"].shift()) | (rows["start"] > reached.shift())
    blocks = rows.groupby(new.cumsum()).agg(service=("service", "first"), start=("start", "first"), end=("end", "max"))
    return int((blocks["end"] - blocks["start"]).sum())


def on_one_line(x: Intervals) -> tuple[np.ndarray, np.ndarray]:
    """Starts and ends with all services end to end."""
    stride = int(x.end.max()) + 1
    return x.group * stride + x.start, x.group * stride + x.end


OURS = {"sort": sort_starts, "union": unite, "availability": measure_availability}
PEERS = {"staircase": unite_with_staircase, "portion": unite_with_portion, "pandas": unite_with_pandas}


def compare(n: int, *, services: int, rounds: int) -> dict:
    """Middle seconds of each, and middle ratios to the sort and to our union, for `n` intervals."""
    x = make_intervals(n, services)
    runs = OURS | {name: run for name, run in PEERS.items() if n <= AT_MOST[name]}
    found = {name: run(x, services) for name, run in runs.items()}  # all modules loaded, all memory taken once
    seconds = take_turns({name: partial(run, x, services) for name, run in runs.items()}, rounds=rounds)
    peers = [name for name in PEERS if name in runs]
    length = int(lengths(found["union"], services).sum())
    return {
        "intervals": n,
        "services": services,
        "seconds": middle(seconds),
        "times_sort": {name: ratio(seconds[name], seconds["sort"]) for name in ("union", "availability")},
        "times_union": {name: ratio(seconds[name], seconds["union"]) for name in peers},
        "agree": all(abs(found[name] / length - 1) < 1e-9 for name in peers),
    }


def show(figures: dict) -> str:
    """One line of the table."""
    seconds = figures["seconds"]
    cells = [f"{figures['intervals']:>11,}", f"{seconds['sort']:>10.5f}"]
    cells += [f"{seconds[name]:>11.5f} {figures['times_sort'][name]:>5.1f}x" for name in ("union", "availability")]
    for name in PEERS:
        there = name in seconds
        cells.append(f"{seconds[name]:>11.4f} {figures['times_union'][name]:>6.1f}x" if there else " " * 18 + "-")
    return "  ".join(cells)


HEAD = "  ".join(
    ["  intervals", "    sort s", "   union s  /sort", "  avail. s  /sort"]
    + [f"{name + ' s':>11} /union" + " " for name in PEERS]
)


def main() -> int:
    """Print the table; 1 when a peer finds another length."""
    given = options(__doc__, rounds=7, sizes=[10_000, 100_000, 1_000_000, 10_000_000], services=1000)
    lines = (compare(n, services=given.services, rounds=given.rounds) for n in given.sizes)
    return print_table(lines, show, head=HEAD, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
