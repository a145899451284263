"""A first `services.yaml` from what was seen, for a team to edit."""

import glob
import re

import pandas as pd
import yaml

HEAD = """\
# Merge what belongs together, save it as services.yaml beside the logs, and add to a service what you promise, such as
#   objectives: {availability: 99.9%, restore: {within: 4h, for: 90%}, rpo: {within: 6h, for: 100%},
#                rto: {within: 24h, chance: 90%}, mtpd: 48h}
"""


def draft_catalog(components: pd.DataFrame, assets: pd.DataFrame, *, origin: str) -> str:
    """The text of a catalogue in which every component and asset seen has its service.

    An asset joins the service whose name it shares up to the first separator (`orders-db` joins `orders`); any other
    asset becomes a service of its own. Objectives are left to the team: they are promises, not measurements.

    Parameters
    ----------
    components : DataFrame
        Columns `component`, `product`; one row per pair seen.
    assets : DataFrame
        Columns `asset`, `product`; one row per pair seen.
    origin : str
        Where they were seen, for the comment on top.
    """
    services: dict[str, dict] = {}
    for component, rows in components.groupby("component", sort=True):
        entry = services.setdefault(_slug(component), {"components": []})
        entry["components"].append(_pattern(component))
        entry["watched_by"] = sorted({*entry.get("watched_by", []), *rows["product"]})
    for asset in sorted(set(assets["asset"])):
        services.setdefault(_owner(_slug(asset), services), {}).setdefault("assets", []).append(_pattern(asset))
    blocks = [_block(name, entry) for name, entry in sorted(services.items())]
    seen = f"{components['component'].nunique()} components and {assets['asset'].nunique()} assets"
    head = f"# Drafted from {origin}: {seen} seen.\n{HEAD}services:"
    return head + ("\n" + "".join(blocks) if blocks else " {}\n")


def _block(name: str, entry: dict) -> str:
    text = yaml.safe_dump({name: entry}, default_flow_style=None, allow_unicode=True, sort_keys=False, width=110)
    return "".join(f"  {line}\n" for line in text.splitlines())


def _slug(name: str) -> str:
    return re.sub(r"[^\w.]+", "-", name.strip().lower()).strip("-") or "unnamed"


def _pattern(name: str) -> str:
    return glob.escape(name)


def _owner(asset: str, services: dict) -> str:
    stem = re.split(r"[-_.:/]", asset, maxsplit=1)[0]
    return stem if stem in services else asset
