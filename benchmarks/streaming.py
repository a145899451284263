"""How long big files of JSON lines take to read, and how much memory, beside pandas and bare DuckDB in the same run.

    python benchmarks/streaming.py [--kind requests incidents] [--megabytes 100 1000] [--broken 1000] [--rounds 3]

`requests` is a Traefik access log, `incidents` are PagerDuty incidents, one per line; every so many one line is broken.
Each reader runs in a process of its own, in turn, `--rounds` times; the middle time counts. The floor is a bare DuckDB
projection of the fields that the format reads, which checks nothing and loses broken lines; pandas reads the same lines
without broken ones, at which it stops, and only up to 1 GB, since it needs several times that in memory.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_TEXT = "Response times of the payment path rose above the limit that was agreed for it. " * 12
_BROKEN = b'{"id": "PCUT", "created_at": "2026-01-01T00:00:00Z", "title": "cut o\n'
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_PANDAS_AT_MOST = 1000
_PEAK_AT_MOST = 1500
READERS = ("ours", "duckdb", "pandas")


def write_lines(kind: str, path: Path, *, size: int, broken: int) -> int:
    """Write at least `size` bytes to `path`, every `broken`-th line unusable; return how many lines."""
    make, _ = KINDS[kind]
    written = number = 0
    with path.open("wb", buffering=1 << 20) as out:
        while written < size:
            number += 1
            line = _BROKEN if broken and number % broken == 0 else json.dumps(make(number)).encode() + b"\n"
            written += out.write(line)
    return number


def _incident(number: int) -> dict:
    """One incident of a tool that opens one every two minutes and resolves it 5 to 64 minutes later."""
    opened = time.strftime(_MOMENT, time.gmtime(1_600_000_000 + 120 * number))
    resolved = time.strftime(_MOMENT, time.gmtime(1_600_000_000 + 120 * number + 60 * (5 + number % 60)))
    return {
        "id": f"P{number:09X}",
        "type": "incident",
        "incident_number": number,
        "title": f"Latency of service {number % 40} is high",
        "created_at": opened,
        "updated_at": resolved,
        "resolved_at": resolved,
        "last_status_change_at": resolved,
        "status": "resolved",
        "urgency": "high" if number % 3 else "low",
        "priority": {"id": "PRIO", "type": "priority", "summary": f"P{1 + number % 5}"},
        "service": {"id": f"S{number % 40}", "type": "service_reference", "summary": f"service-{number % 40}"},
        "alert_counts": {"all": 2, "triggered": 0, "resolved": 2},
        "assignments": [],
        "acknowledgements": [],
        "resolve_reason": None,
        "escalation_policy": {"id": "E1", "type": "escalation_policy_reference", "summary": "on call"},
        "html_url": f"https://example.com/incidents/P{number:09X}",
        "body": {"type": "incident_body", "details": _TEXT},
    }


def _request(number: int) -> dict:
    """One of some twenty requests a second to ten services, one in 500 of which fails."""
    second = 1_700_000_000 + number // 20
    start = time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(second)) + f"{number % 20 * 50_000_000 + 137:09d}Z"
    status = 502 if number % 500 == 0 else 200
    service = number * 7919 % 10
    took = 1_000_000 + number * 104_729 % 400_000_000
    return {
        "ClientAddr": f"192.0.2.{number % 250}:5{number % 9999:04d}",
        "ClientHost": f"192.0.2.{number % 250}",
        "ClientPort": f"5{number % 9999:04d}",
        "ClientUsername": "-",
        "DownstreamContentSize": number % 5000,
        "DownstreamStatus": status,
        "Duration": took,
        "OriginContentSize": number % 5000,
        "OriginDuration": took - 90_000,
        "OriginStatus": status,
        "Overhead": 90_000,
        "RequestAddr": f"service-{service}.example.com",
        "RequestContentSize": 0,
        "RequestCount": number,
        "RequestHost": f"service-{service}.example.com",
        "RequestMethod": "GET",
        "RequestPath": f"/orders/{number % 100_000}",
        "RequestPort": "-",
        "RequestProtocol": "HTTP/2.0",
        "RequestScheme": "https",
        "RetryAttempts": 0,
        "RouterName": f"service-{service}-example-com@kubernetes",
        "ServiceAddr": f"10.0.0.{service}:8080",
        "ServiceName": f"shop-service-{service}-8080@kubernetes",
        "ServiceURL": f"http://10.0.0.{service}:8080",
        "StartLocal": start,
        "StartUTC": start,
        "entryPointName": "websecure",
        "level": "info",
        "msg": "",
        "time": start[:19] + "Z",
    }


KINDS = {
    "requests": (
        _request,
        "StartUTC, ServiceName, RouterName, DownstreamStatus, OriginStatus, OriginDuration, Duration, RequestCount, "
        "msg",
    ),
    "incidents": (
        _incident,
        "id, title, created_at, updated_at, resolved_at, last_status_change_at, status, urgency, priority.summary, "
        "service.summary, acknowledgements, html_url",
    ),
}


def read_ours(path: Path, kind: str) -> dict:
    """Read the file as the program does; the account of its records."""
    from continuity_analysis.ingest.read import read_files

    (reading,) = read_files([path])
    return {name: getattr(reading, name) for name in ("format", "records", "used", "ignored", "rejected", "reason")}


def read_duckdb(path: Path, kind: str) -> dict:
    """Read the same fields with DuckDB alone."""
    import duckdb

    source = f"read_json('{path}', format='newline_delimited', ignore_errors=true)"
    return {"rows": duckdb.sql(f"SELECT {KINDS[kind][1]} FROM {source}").to_arrow_table().num_rows}


def read_pandas(path: Path, kind: str) -> dict:
    """Read the file with pandas alone."""
    import pandas as pd

    return {"rows": len(pd.read_json(path, lines=True))}


def measure_here(reader: str, path: Path, kind: str) -> dict:
    """Read the file in this process; the modules it needs are loaded before the clock starts."""
    import duckdb  # noqa: F401
    import pandas  # noqa: F401

    from continuity_analysis.ingest.read import read_files  # noqa: F401

    began = time.perf_counter()
    found = {"ours": read_ours, "duckdb": read_duckdb, "pandas": read_pandas}[reader](path, kind)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | {"seconds": seconds, "peak_megabytes": round(peak)}


def compare(kind: str, megabytes: int, *, broken: int, rounds: int) -> dict:
    """Figures of one kind and size: middle seconds per reader, how they compare, peak memory and the account."""
    with tempfile.TemporaryDirectory(prefix="continuity-bench-") as folder:
        files = dict.fromkeys(READERS[:2], Path(folder) / "lines.ndjson")
        lines = write_lines(kind, files["ours"], size=megabytes * 1_000_000, broken=broken)
        if megabytes <= _PANDAS_AT_MOST:
            files["pandas"] = Path(folder) / "unbroken.ndjson"
            write_lines(kind, files["pandas"], size=megabytes * 1_000_000, broken=0)
        runs = [(reader, _apart(reader, path, kind)) for _ in range(rounds) for reader, path in files.items()]
    seconds = {name: statistics.median(r["seconds"] for reader, r in runs if reader == name) for name in files}
    peaks = {name: max(r["peak_megabytes"] for reader, r in runs if reader == name) for name in files}
    account = next(r for reader, r in runs if reader == "ours")
    return {
        "kind": kind,
        "megabytes": megabytes,
        "lines": lines,
        **{name: account[name] for name in ("format", "records", "used", "ignored", "rejected", "reason")},
        "broken": lines // broken if broken else 0,
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "peak_megabytes": peaks,
        "times_duckdb": round(seconds["ours"] / seconds["duckdb"], 2),
        "times_faster_than_pandas": round(seconds["pandas"] / seconds["ours"], 1) if "pandas" in seconds else None,
    }


def _apart(reader: str, path: Path, kind: str) -> dict:
    """What a process of its own measured."""
    command = [sys.executable, __file__, "--measure", reader, str(path), kind]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> int:
    """Write the files, read them, print the figures; 1 when memory or an account is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kind", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--megabytes", nargs="+", type=int, default=[100, 1000])
    parser.add_argument("--broken", type=int, default=1000, help="every so many lines one is broken; 0 for none")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        reader, path, kind = given.measure
        print(json.dumps(measure_here(reader, Path(path), kind)))
        return 0
    wrong = False
    for kind, megabytes in ((k, m) for k in given.kind for m in given.megabytes):
        figures = compare(kind, megabytes, broken=given.broken, rounds=given.rounds)
        print(json.dumps(figures) if given.json else "\n".join(f"{k:26} {v}" for k, v in figures.items()), end="\n\n")
        account = (figures["records"], figures["rejected"]) == (figures["lines"], figures["broken"])
        wrong = wrong or not account or figures["peak_megabytes"]["ours"] > _PEAK_AT_MOST
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
