"""Reports on a large fleet: simulated logs of N services, every report run on them, wall time and size of each page.

Each service fails by itself as a Poisson process with lognormal restorations, half of them keep data in an asset of
their own that is backed up daily or every six hours, and each of those is drilled. One run on a quiet machine:

    python benchmarks/fleet.py --services 200
    python benchmarks/fleet.py --services 200 --each          also a page per service
"""

import argparse
import csv
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import yaml

START, END = np.datetime64("2026-01-01T00:00:00"), np.datetime64("2026-10-01T00:00:00")
PERIOD = "2026Q3"
CAUSES = ("infrastructure", "human_error", "load", "hotfix", "update", "supplier")
_HOUR = np.timedelta64(3600, "s")
_SPAN = (END - START) / _HOUR


def simulate(folder: Path, *, services: int, seed: int = 0) -> None:
    """Write the logs and the catalogue of a fleet."""
    draw = np.random.default_rng(seed)
    names = [f"service-{number:03d}" for number in range(1, services + 1)]
    keeping = names[::2]
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "incidents.csv", _incidents(draw, names))
    _write(folder / "backups.csv", _backups(draw, keeping))
    _write(folder / "drills.csv", _drills(draw, keeping))
    _write(folder / "changes.csv", _changes(draw, names))
    catalogue = {"timezone": "UTC", "sources": _sources(), "services": _services(draw, names, keeping)}
    (folder / "services.yaml").write_text(yaml.safe_dump(catalogue, sort_keys=False), encoding="utf-8")


def _moments(draw, rate_per_hour: float) -> np.ndarray:
    at = np.sort(draw.uniform(0, _SPAN, draw.poisson(rate_per_hour * _SPAN)))
    return START + (at * 3600).astype("timedelta64[s]")


def _later(moments: np.ndarray, hours: np.ndarray) -> np.ndarray:
    return moments + (hours * 3600).astype("timedelta64[s]")


def _incidents(draw, names: list[str]) -> Iterable[list]:
    yield ["id", "component", "title", "severity", "cause", "started", "acknowledged", "restored", "status"]
    for name in names:
        begun = _moments(draw, draw.gamma(2, 5) / 8760)
        ended = _later(begun, draw.lognormal(np.log(0.7), 1.1, len(begun)))
        for number, (start, end) in enumerate(zip(begun, ended, strict=True)):
            cause, seen = draw.choice(CAUSES), start + np.timedelta64(int(draw.exponential(240)), "s")
            over = end < END
            yield [
                f"{name}-{number}", name, f"{name}: {cause}", draw.integers(1, 6), cause, start, min(seen, end),
                end if over else "", "resolved" if over else "open",
            ]  # fmt: skip


def _backups(draw, keeping: list[str]) -> Iterable[list]:
    yield ["id", "asset", "method", "status", "started", "finished", "point", "size"]
    for name in keeping:
        every = np.timedelta64(int(draw.choice([6, 24])), "h")
        begun = np.arange(START, END, every) + draw.integers(0, 600, -int((START - END) // every)).astype(
            "timedelta64[s]"
        )
        ended = _later(begun, draw.lognormal(np.log(0.3), 0.3, len(begun)))
        kept, fails = draw.random(len(begun)) > 0.01, draw.random(len(begun)) < 0.02
        sizes = 5e10 * (1 + np.arange(len(begun)) / len(begun) * draw.random())
        for number in np.flatnonzero(kept & (ended < END)):
            status = "failed" if fails[number] else "completed"
            point = "" if fails[number] else begun[number]
            yield [
                f"{name}-{number}", f"{name}-data", "full", status, begun[number], ended[number], point,
                int(sizes[number]),
            ]  # fmt: skip


def _drills(draw, keeping: list[str]) -> Iterable[list]:
    yield [
        "drill_id", "service", "kind", "disrupted_at", "detected_at", "declared_at", "started_at", "data_restored_at",
        "service_restored_at", "ended_at", "outcome", "findings",
    ]  # fmt: skip
    for name in keeping:
        for number, start in enumerate(_moments(draw, 3 / 8760)):
            steps = _later(np.repeat(start, 5), np.cumsum(draw.lognormal(np.log([0.1, 0.2, 0.1, 2, 0.5]), 0.4)))
            if steps[-1] >= END:
                continue
            failed = draw.random() < 0.1
            moments = [f"{moment}Z" for moment in (start, *steps)]
            moments = [*moments[:4], "", "", moments[5]] if failed else [*moments, moments[-1]]
            found = str(draw.choice(["", "run book names the old cluster", "DNS change took 20 minutes"]))
            yield [f"{name}-{number}", f"{name}-data", "drill", *moments, "failed" if failed else "completed", found]


def _changes(draw, names: list[str]) -> Iterable[list]:
    yield ["id", "component", "status", "started", "finished"]
    for name in names:
        begun = _moments(draw, 1 / 168)
        for number, start in enumerate(begun):
            status = "failed" if draw.random() < 0.05 else "completed"
            yield [f"{name}-{number}", name, status, start, start + np.timedelta64(600, "s")]


def _sources() -> list[dict]:
    columns = {
        "incidents": {"incident_id": "id", "component": "component", "title": "title", "severity": "severity",
                      "cause": "cause", "started_at": "started", "acknowledged_at": "acknowledged",
                      "restored_at": "restored", "status": "status"},
        "backups": {"backup_id": "id", "asset": "asset", "method": "method", "status": "status",
                    "started_at": "started", "finished_at": "finished", "recovery_point_at": "point",
                    "size_bytes": "size"},
        "changes": {"change_id": "id", "component": "component", "status": "status", "started_at": "started",
                    "finished_at": "finished"},
    }  # fmt: skip
    return [
        {"path": f"{table}.csv", "format": "csv", "table": table, "timezone": "UTC", "columns": named}
        for table, named in columns.items()
    ]


def _services(draw, names: list[str], keeping: list[str]) -> dict[str, dict]:
    told = {}
    for number, name in enumerate(names):
        objectives = {"availability": f"{draw.choice([99.0, 99.5, 99.9])}%", "restore": {"within": "4h", "for": "90%"}}
        told[name] = {"tier": int(draw.integers(1, 4)), "components": [name], "watched_by": ["csv"]}
        if name in keeping:
            told[name]["assets"] = [f"{name}-data"]
            objectives |= {"rpo": {"within": "26h", "for": "99%"}, "rto": {"within": "4h", "chance": "80%"}}
        if number % 5:
            told[name]["depends_on"] = [names[number - number % 5]]
        told[name] |= {"in_service_since": "2026-01-01", "objectives": objectives}
    return told


def _write(path: Path, rows: Iterable[list]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def measure(logs: Path, out: Path, *, names: tuple[str, ...] = (), each: bool = False) -> None:
    """Run the reports and print how long it took and how large each page is."""
    from continuity_analysis.reports.run import RunOptions, run_reports

    began = time.perf_counter()
    told: dict[str, float] = {}
    options = RunOptions(PERIOD, logs=logs, out=out, formats=("html",), each="service" if each else None)
    result = run_reports(names, options, progress=lambda name, *_: told.update({name: time.perf_counter() - began}))
    pages = [(report.name, (out / report.html).stat().st_size / 1e6) for report in result.reports if report.html]
    pages.append(("index", result.index.stat().st_size / 1e6))
    few = [page for page in pages if "/" not in page[0]]
    for name, size in sorted(few, key=lambda page: -page[1]):
        print(f"{name:20s} {size:6.2f} MB   last cell done after {told.get(name, float('nan')):6.1f} s")
    own = [size for name, size in pages if "/" in name]
    if own:
        print(f"{len(own)} pages of services: {np.mean(own):.2f} MB each, {max(own):.2f} MB at most, {sum(own):.0f} MB")
    print(f"{len(result.reports)} reports in {time.perf_counter() - began:.0f} s; failed: {', '.join(result.failed)}")


def main() -> None:
    """Simulate a fleet and run the reports on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="reports to run; all if none is named")
    parser.add_argument("--services", type=int, default=200)
    parser.add_argument("--each", action="store_true", help="also a page per service")
    parser.add_argument("--out", type=Path, help="where to leave logs and pages; else nothing is left")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fleet-") as temporary:
        place = asked.out or Path(temporary)
        simulate(place / "logs", services=asked.services)
        measure(place / "logs", place / "reports", names=tuple(asked.names), each=asked.each)


if __name__ == "__main__":
    main()
