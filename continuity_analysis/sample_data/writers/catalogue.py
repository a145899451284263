"""The platform's `services.yaml`: what is promised, how files are to be read, what was corrected."""

from pathlib import Path

import yaml

from continuity_analysis.sample_data.incidents import SYMPTOMS
from continuity_analysis.sample_data.moments import day_name
from continuity_analysis.sample_data.platform import Platform
from continuity_analysis.sample_data.requests import LOGGED
from continuity_analysis.sample_data.services import (
    IMPACT_OF_LEVEL,
    IMPACT_OF_MAINTENANCE,
    IMPACT_OF_SEVERITY,
    Service,
)

FOLDERS = {
    "mongo-prod": "pbm/status-*.json",
    "accounts-db": "pgbackrest/info-*.json",
    "platform-state": "velero/backups-*.json",
    "files": "restic/snapshots-*.json",
    "analytics": "atlas/flex-snapshots-*.json",
}
RESTORES = {"platform-state": "velero/restores-*.json", "analytics": "atlas/flex-restore-jobs-*.json"}
HEAD = """\
# Synthetic: made by `continuity sample`. What a catalogue may say is documented in the README of the project.
"""


def write_catalogue(platform: Platform, path: Path) -> None:
    """Everything the reader needs to know that no log says."""
    assets = set(platform.runs or {})
    content = {
        "timezone": "UTC",
        "impact_by_severity": IMPACT_OF_SEVERITY,
        "impact_by_state": {
            "down": IMPACT_OF_LEVEL["major_outage"],
            "partial": IMPACT_OF_LEVEL["partial_outage"],
            "degraded": IMPACT_OF_LEVEL["degraded_performance"],
            "maintenance": IMPACT_OF_MAINTENANCE,
        },
        "causes": [{"cause": cause, "when": f"*{words}*"} for cause, words in SYMPTOMS.items()]
        + [{"cause": "update", "when": "platform update*"}],
        "sources": [_listing(a, p) for a, p in FOLDERS.items() if a in assets]
        + [_restores(a, p) for a, p in RESTORES.items() if a in assets],
        "services": {s.name: _service(s, platform) for s in platform.services},
    }
    if not content["sources"]:
        del content["sources"]
    text = yaml.safe_dump(content, sort_keys=False, default_flow_style=None, width=116, allow_unicode=True)
    path.write_text(HEAD + text, encoding="utf-8", newline="\n")


def _listing(asset: str, path: str) -> dict:
    return {"path": path, "asset": asset, "scope": f"{asset}/{path.partition('/')[0]}", "complete": True}


def _restores(asset: str, path: str) -> dict:
    """Velero lists all the restores it still knows of; restore jobs come page by page, the newest first."""
    whole = {"scope": f"{asset}/restores", "complete": True} if path.startswith("velero/") else {}
    return {"path": path, "asset": asset, **whole}


def _service(service: Service, platform: Platform) -> dict:
    components = [service.name] * service.paged + [service.page] * bool(service.page)
    components += [f"{service.name}@kubernetes"] * (service.name in LOGGED)
    watching = ["pagerduty"] * service.paged + ["statuspage"] * bool(service.page)
    told = {
        "tier": service.tier,
        "components": components,
        "assets": list(service.assets),
        "watched_by": watching,
        "in_service_since": day_name(platform.live_since[service.name]),
        "depends_on": list(service.needs),
        "objectives": dict(service.objectives),
    }
    return {key: value for key, value in told.items() if value}
