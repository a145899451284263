"""Synthetic logs of a platform like many, in the vendors' own formats, and the truth about it.

It stands apart from all stages: the truth must not be computed by what it is to test.
"""

import json
from pathlib import Path

from continuity_analysis.sample_data.exports import take_listings
from continuity_analysis.sample_data.platform import Platform, simulate_incidents, simulate_platform
from continuity_analysis.sample_data.requests import draw_requests
from continuity_analysis.sample_data.services import Service, make_services
from continuity_analysis.sample_data.truth import truth_of
from continuity_analysis.sample_data.writers import (
    atlas,
    catalogue,
    drill_log,
    pagerduty,
    pbm,
    pgbackrest,
    restic,
    statuspage,
    traefik,
    velero,
)

__all__ = [
    "make_services",
    "simulate_incidents",
    "simulate_platform",
    "truth_of",
    "write_incidents_only",
    "write_sample",
]


def write_sample(directory, *, seed: int = 0, months: int = 18, services: int = 10) -> dict:
    """Write logs, `services.yaml` and `truth.json` of a simulated platform.

    Parameters
    ----------
    directory : path
        Made if it is not there; files of the same names are replaced.
    seed : int
        The same seed writes the same files, byte for byte (compressed ones: once unpacked).
    months : int
        Calendar months up to 2026-10-01 that the truth is told of.
    services : int
        1 to 200: ten with names, then numbered ones.

    Returns
    -------
    dict
        What stands in `truth.json`.

    Raises
    ------
    ValueError
        If `months` is not positive or `services` is not from 1 to 200.
    """
    if months < 1:
        raise ValueError(f"expected 1 month or more, got {months}")
    root = Path(directory)
    root.mkdir(parents=True, exist_ok=True)
    platform = simulate_platform(seed=seed, months=months, services=services)
    pagerduty.write_incidents(platform, root / "pagerduty")
    pagerduty.write_log_entries(platform, root / "pagerduty")
    if platform.page:
        statuspage.write_captures(platform, root / "statuspage")
    _write_backups(platform, root)
    drill_log.write_drills(platform.drills, root / "drills" / "drills.csv")
    requests = draw_requests(platform)
    traefik.write_access_log(requests, root / "traefik")
    catalogue.write_catalogue(platform, root / "services.yaml")
    truth = truth_of(platform, requests)
    (root / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8", newline="\n")
    return truth


def write_incidents_only(
    path, *, seed: int = 0, months: int = 18, services: tuple[Service, ...] | None = None
) -> Platform:
    """Write one PagerDuty export of the services' own incidents; a platform in a few milliseconds, for calibration.

    Parameters
    ----------
    path : path
        The file.
    seed, months : int
        As in `write_sample`.
    services : tuple of Service, optional
        Default: one, checkout.

    Returns
    -------
    Platform
        What was written; `truth_of` tells the truth about it.
    """
    platform = simulate_incidents(services or make_services(1), seed=seed, months=months)
    pagerduty.write_last_incidents(platform, Path(path))
    return platform


def _write_backups(platform: Platform, root: Path) -> None:
    writers = {
        "mongo-prod": lambda listing: pbm.write_listing(listing, root / "pbm", logged=platform.logged),
        "accounts-db": lambda listing: pgbackrest.write_listing(listing, root / "pgbackrest"),
        "platform-state": lambda listing: velero.write_listing(listing, root / "velero"),
        "files": lambda listing: restic.write_listing(listing, root / "restic"),
        "analytics": lambda listing: atlas.write_listing(listing, root / "atlas"),
    }
    for asset, runs in platform.runs.items():
        for listing in take_listings(asset, runs, start=platform.start, end=platform.end):
            writers[asset](listing)
    if "platform-state" in platform.runs:
        velero.write_restores(platform.runs["platform-state"], root / "velero", end=platform.end)
    if "analytics" in platform.runs:
        atlas.write_restores(platform.runs["analytics"], root / "atlas", end=platform.end)
