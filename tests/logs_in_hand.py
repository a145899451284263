"""Logs made by hand for tests: a few columns stated, everything else null."""

import pandas as pd
import pyarrow as pa

from continuity_analysis import tables
from continuity_analysis.catalog import read_catalog
from continuity_analysis.logs import Logs
from continuity_analysis.periods import read_moment

DEFAULTS = {
    "incidents": {"product": "pager", "format": "pager_incidents", "export_id": "e1", "component": "web",
                  "kind": "incident", "status": "resolved"},
    "states": {"product": "page", "format": "page_states", "export_id": "e2", "component": "web", "observer": "page"},
    "requests": {"product": "proxy", "format": "proxy_access", "export_id": "e3", "component": "web", "log_id": "L1",
                 "failed": 0, "rejected": 0},
    "exports": {"export_id": "e1", "product": "pager", "format": "pager_incidents", "export_kind": "window"},
}  # fmt: skip
MAPPED = {"incidents": "component", "states": "component", "changes": "component", "requests": "component"}


def make_logs(*, as_of, catalog=None, timezone="UTC", **rows):
    """Logs from lists of dicts per table; moments are text; each incident gets an id where it has none."""
    catalog = read_catalog(catalog)
    frames = {name: _frame(name, rows.get(name, []), as_of=as_of) for name in tables.TABLES}
    for name, column in MAPPED.items():
        claims = catalog.services_of_components(frames[name][column].dropna().unique())
        frames[name] = frames[name].merge(claims, on=column, how="left")
    claims = catalog.services_of_assets(sorted(frames["recoveries"]["asset"].dropna().unique()))
    frames["recoveries"] = frames["recoveries"].merge(claims, on="asset", how="left")
    return Logs(
        tables=frames, catalog=catalog, as_of=read_moment(as_of), known_at=None, timezone=timezone, origin="by hand"
    )


def _frame(name: str, rows: list[dict], *, as_of: str) -> pd.DataFrame:
    defaults = DEFAULTS.get(name, {})
    full = [{"observed_at": as_of, "record_no": i + 1} | defaults | row for i, row in enumerate(rows)]
    if name == "incidents":
        full = [{"incident_id": f"I{i + 1}"} | row for i, row in enumerate(full)]
    schema = tables.TABLES[name].schema
    moment = {f.name for f in schema if pa.types.is_timestamp(f.type)}
    known = [
        {
            k: read_moment(v).to_pydatetime() if k in moment and v is not None else v
            for k, v in row.items()
            if k in schema.names
        }
        for row in full
    ]
    return tables.to_frame(pa.Table.from_pylist(known, schema=schema))
