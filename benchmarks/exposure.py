"""How long the exact law of recovery-point exposure takes, beside a sort of its events and beside a plain loop.

    python benchmarks/exposure.py [--sizes 10000 100000 1000000] [--assets 10000] [--rounds 5]

Backups of many assets within one year, in no order: each asset has full backups with a chain of incremental ones after
each; all expire after a time, and one chain in ten holds a backup that failed. Three steps are timed, each from what
the one before gave: `usable` (the table of backups into from when to when each could be restored, chains followed),
`exposure` (that into the age of the newest usable point over the year) and `law` (that into mean, P50, P95, P99, worst,
unprotected time and time over a target, per asset). The floor is `numpy.sort` of the moments at which backups become
usable and cease to be, as ready whole numbers with the asset in front: a sort of texts, or by two keys, takes longer.
The loop is plain Python, asset by asset, with a heap of what is usable. It starts from the same table and gives the
same figures; what this table never has it does not look for: logs, copies, listings, verifications, missing moments,
gaps in coverage. All take turns; seconds are processor time and the middle one counts; ratios are the middle ones of
all rounds. Exits with 1 where the loop finds another figure.
"""

import heapq
import sys

import numpy as np
import pandas as pd
from turns import middle, options, print_table, ratio, take_turns

from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.exposure import measure_exposure
from continuity_analysis.measurements.usable_backups import measure_usable_backups
from continuity_analysis.models.recovery_point import estimate_recovery_point

START = pd.Timestamp("2025-01-01", tz="UTC")
END = START + pd.Timedelta(days=365)
FIRST, LAST = (int(m) for m in to_microseconds([START, END]))
CHAIN, TARGET = 7, 30.0
STEPS = ("usable", "exposure", "law")
SHARES = (0.5, 0.95, 0.99)
FOUND = [
    "mean_hours", "p50_hours", "p95_hours", "p99_hours", "worst_hours", "unprotected_share", "share_over_objective"
]  # fmt: skip
LOOP_AT_MOST = 1_000_000


def make_backups(n: int, assets: int, *, seed: int = 0) -> pd.DataFrame:
    """A table of about `n` backups, in no order."""
    rng = np.random.default_rng(seed)
    assets = min(assets, max(n // (2 * CHAIN), 1))
    each = max(n // assets, 1)
    asset, number = np.divmod(np.arange(each * assets), each)
    every = (LAST - FIRST) / each
    started = FIRST + ((number + rng.uniform(0, 0.4, len(number))) * every).astype(np.int64)
    finished = started + (rng.uniform(0.01, 0.3, len(number)) * every).astype(np.int64)
    chain = asset * each + number // CHAIN
    broken = rng.random(chain.max() + 1)[chain] < 0.1
    failed = broken & (number % CHAIN == rng.integers(0, CHAIN, chain.max() + 1)[chain])
    kept = (rng.uniform(1.5 * CHAIN, 4 * CHAIN, chain.max() + 1)[chain] * every).astype(np.int64)
    full = number % CHAIN == 0
    never = to_moments(np.full(len(asset), UNKNOWN))
    names = pd.Series(asset).map("asset-{:05d}".format)
    ids = pd.Series(np.arange(len(asset))).map("b{:08d}".format)
    table = pd.DataFrame(
        {
            "product": "tool", "asset": names, "location": "store", "backup_id": ids,
            "method": np.where(full, "full", "incremental"), "parent_id": ids.shift().where(~full),
            "status": np.where(failed, "failed", "completed"), "started_at": to_moments(started),
            "covers_from_at": never, "recovery_point_at": to_moments(started), "recovery_point_basis": "snapshot",
            "finished_at": to_moments(finished), "expires_at": to_moments(finished + kept), "last_seen_at": never,
            "removed_at": never, "survivors_only": False, "verified_result": None, "export_id": "history",
        }
    )  # fmt: skip
    text = ["product", "location", "method", "status", "recovery_point_basis", "export_id", "verified_result"]
    table[text] = table[text].astype("str")
    return table.iloc[rng.permutation(len(table))].reset_index(drop=True)


def exports_of() -> pd.DataFrame:
    return pd.DataFrame(
        {"export_id": ["history"], "complete": [False], "export_kind": ["events"], "observed_at": [END]}
    )


def coverage_of(backups: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"asset": backups["asset"].unique(), "from_at": START, "until_at": END, "proven": True})


def find_usable(backups: pd.DataFrame) -> pd.DataFrame:
    return measure_usable_backups(backups, exports_of())


def find_exposure(usable: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    return measure_exposure(usable, coverage, start=START, end=END)


def find_law(pieces: pd.DataFrame) -> pd.DataFrame:
    within = pd.Series(TARGET, index=pieces["asset"].unique())
    return estimate_recovery_point(pieces.assign(allowance_hours=0.0), by="asset", within_hours=within)


def events_of(usable: pd.DataFrame) -> np.ndarray:
    """When each usable backup becomes and ceases to be usable, all assets on one line."""
    rows = usable[usable["usable"]].sample(frac=1, random_state=0)
    place = rows["asset"].factorize()[0].astype(np.int64) * (LAST - FIRST) * 2
    ends = (to_microseconds(rows[c]) - FIRST for c in ("usable_from_at", "usable_until_at"))
    return np.concatenate([place + m for m in ends])


def loop(backups: pd.DataFrame) -> list[tuple]:
    """Figures of each asset by plain Python, one event after the other."""
    by_asset = rows_of(backups)
    return [(asset, *loop_of_one(by_asset[asset])) for asset in sorted(by_asset)]


def rows_of(backups: pd.DataFrame) -> dict[str, list[tuple]]:
    """The rows of each asset as plain tuples, each backup once."""
    columns = {c: to_microseconds(backups[f"{c}_at"]).tolist() for c in ("started", "finished", "expires")}
    parents = backups["parent_id"].astype(object).where(backups["parent_id"].notna(), None).tolist()
    rows = zip(backups["backup_id"].tolist(), parents, backups["status"].tolist(), *columns.values(), strict=True)
    by_asset: dict[str, list[tuple]] = {}
    seen = set()
    for asset, row in zip(backups["asset"].tolist(), rows, strict=True):
        if row[0] not in seen:
            seen.add(row[0])
            by_asset.setdefault(asset, []).append(row)
    return by_asset


def loop_of_one(rows: list[tuple]) -> tuple[float, ...]:
    by_id = {row[0]: row for row in rows}
    known: dict[str, tuple[int, int] | None] = {}

    def usable(name):  # from when to when the whole chain is there
        if name not in known:
            known[name] = None
            _, parent, status, _, begin, end = by_id[name]
            whole = (0, LAST * 2) if parent is None else usable(parent) if parent in by_id else None
            if status == "completed" and whole is not None and max(begin, whole[0]) < min(end, whole[1]):
                known[name] = max(begin, whole[0]), min(end, whole[1])
        return known[name]

    events = []
    for row in sorted(rows, key=lambda r: r[3]):
        if (there := usable(row[0])) is not None:
            events += [(there[0], row[3], there[1]), (there[1], None, None)]
    events.sort(key=lambda e: e[0])
    return figures_of(list(walk(events)))


def walk(events: list[tuple]):
    """Age at both ends of what lies between the events, and how long it lasts; no age where nothing is usable."""
    heap: list[tuple[int, int]] = []
    now = FIRST
    for at, data, until in [*events, (LAST, None, None)]:
        upto = min(max(at, FIRST), LAST)
        if upto > now:
            while heap and heap[0][1] <= now:
                heapq.heappop(heap)
            yield (now + heap[0][0], upto + heap[0][0], upto - now) if heap else (None, None, upto - now)
            now = upto
        if data is not None and until > now:
            heapq.heappush(heap, (-data, until))


def figures_of(pieces: list[tuple]) -> tuple[float, ...]:
    """As named in `FOUND`."""
    aged = [piece for piece in pieces if piece[0] is not None]
    spent, whole = sum(p[2] for p in aged), LAST - FIRST
    area = sum((old * old - young * young) / 2 for young, old, _ in aged)
    over = whole - spent + sum(min(max(old - TARGET * HOUR, 0), length) for _, old, length in aged)
    worst = max(old for _, old, _ in aged) if spent == whole else float("inf")
    ages = sorted([(young, 1) for young, _, _ in aged] + [(old, -1) for _, old, _ in aged])
    quantiles = [quantile(ages, share * whole) if share * whole <= spent else float("inf") for share in SHARES]
    return (area / spent / HOUR if spent else float("nan"), *quantiles, worst / HOUR, 1 - spent / whole, over / whole)


def quantile(ages: list[tuple[int, int]], sought: float) -> float:
    """The age [h] below which `sought` microseconds are spent."""
    below, active, last = 0, 0, 0
    for age, change in ages:
        if below + active * (age - last) >= sought:
            break
        below, active, last = below + active * (age - last), active + change, age
    return (last + (sought - below) / active) / HOUR


def compare(n: int, *, assets: int, rounds: int) -> dict:
    """Middle seconds of each, and middle ratios, for `n` backups."""
    backups = make_backups(n, assets)
    coverage = coverage_of(backups)
    usable = find_usable(backups)
    pieces, events = find_exposure(usable, coverage), events_of(usable)
    runs = {
        "sort": lambda: np.sort(events),
        "usable": lambda: find_usable(backups),
        "exposure": lambda: find_exposure(usable, coverage),
        "law": lambda: find_law(pieces),
    } | ({"loop": lambda: loop(backups)} if n <= LOOP_AT_MOST else {})
    found, other = find_law(pieces), runs["loop"]() if "loop" in runs else None
    seconds = take_turns(runs, rounds=rounds)
    seconds["all"] = [sum(s) for s in zip(*(seconds[step] for step in STEPS), strict=True)]
    names = [*STEPS, "all"]
    return {
        "backups": len(backups),
        "assets": backups["asset"].nunique(),
        "seconds": middle(seconds),
        "times_sort": {name: ratio(seconds[name], seconds["sort"]) for name in names},
        "loop_times_all": ratio(seconds["loop"], seconds["all"]) if other else None,
        "agree": other is None or agrees(found, other),
    }


def agrees(found: pd.DataFrame, other: list[tuple]) -> bool:
    """Whether the loop finds the same figures."""
    theirs = pd.DataFrame(other, columns=["asset", *FOUND]).set_index("asset").loc[found["asset"]]
    ours = found.set_index("asset")[FOUND].to_numpy()
    return bool(np.isclose(ours, theirs.to_numpy(), rtol=1e-9, atol=1e-12, equal_nan=True).all())


def show(figures: dict) -> str:
    """One line of the table."""
    seconds = figures["seconds"]
    cells = [f"{figures['backups']:>10,} {figures['assets']:>7,}", f"{seconds['sort']:>9.4f}"]
    cells += [f"{seconds[name]:>9.4f} {figures['times_sort'][name]:>6.1f}x" for name in (*STEPS, "all")]
    there = "loop" in seconds
    cells.append(f"{seconds['loop']:>9.3f} {figures['loop_times_all']:>6.1f}x" if there else " " * 16 + "-")
    return "  ".join(cells)


HEAD = "  ".join(
    ["   backups  assets", "   sort s"]
    + [f"{name + ' s':>9}  /sort " for name in (*STEPS, "all")]
    + ["   loop s   /all "]
)


def main() -> int:
    """Print the table; 1 where the loop finds another law."""
    given = options(__doc__, rounds=5, sizes=[10_000, 100_000, 1_000_000], assets=10_000)
    lines = (compare(n, assets=given.assets, rounds=given.rounds) for n in given.sizes)
    return print_table(lines, show, head=HEAD, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
