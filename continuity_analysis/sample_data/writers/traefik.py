"""Traefik: its access log in JSON, compressed as a rotated log is."""

import gzip
import json
from pathlib import Path

from continuity_analysis.sample_data.moments import day_name, utc
from continuity_analysis.sample_data.requests import Request


def write_access_log(requests: tuple[Request, ...], directory: Path) -> None:
    """One line a request, numbered by the proxy's own counter; nothing where none was logged."""
    if not requests:
        return
    directory.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(_line(r, n), separators=(",", ":")) for n, r in enumerate(requests, 1)]
    text = ("\n".join(lines) + "\n").encode()
    (directory / f"access-{day_name(requests[0].at)}.log.gz").write_bytes(gzip.compress(text, 9, mtime=0))


def _line(request: Request, number: int) -> dict:
    overhead = 400_000
    took = request.took_ms * 1_000_000
    backend = {"OriginDuration": took - overhead, "OriginStatus": request.status} if request.reached else {}
    return {
        "DownstreamStatus": request.status,
        "Duration": took,
        **backend,
        "Overhead": overhead,
        "RequestCount": number,
        "RequestHost": "shop.example.com",
        "RequestMethod": "GET",
        "RouterName": f"{request.service}@kubernetes",
        "ServiceName": f"{request.service}@kubernetes",
        "StartUTC": utc(request.at),
        "level": "info",
    }
