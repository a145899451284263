"""What the logs show of each service for the checks of readiness, as things stood at a moment."""

import numpy as np
import pandas as pd

from continuity_analysis.catalog import Readiness, is_closed
from continuity_analysis.measurements.backup_proofs import measure_last_proofs
from continuity_analysis.measurements.changes import measure_recorded
from continuity_analysis.measurements.clock import to_moments
from continuity_analysis.measurements.findings import measure_findings, summarise_findings
from continuity_analysis.measurements.readiness import (
    measure_backup_standing,
    measure_drills,
    measure_pipelines,
    measure_record,
    measure_workload_states,
)
from continuity_analysis.measurements.self_healing import measure_reconnections
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.sizes import measure_backup_sizes, measure_restored_sizes
from continuity_analysis.questions.availability import look_at
from continuity_analysis.questions.dependencies import dependency_edges
from continuity_analysis.questions.exposed import Exposed

_DAY = pd.Timedelta(days=1)


def gather_facts(
    logs, guidelines: pd.DataFrame, asked: dict[str, Readiness], *, exposed: Exposed, recoveries: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Facts of every kind that `judge_readiness` asks for, one row per part of a service.

    Parameters
    ----------
    logs : Logs
    guidelines : DataFrame
        What is asked of each service, as numbers.
    asked : dict
        What is asked of each service, as the catalogue has it.
    exposed : Exposed
        Of the day up to the moment of judgement.
    recoveries : DataFrame
        Result of `measure_recoveries`, up to that moment.
    """
    moment, names = exposed.window.end, pd.Index(guidelines["service"])
    suppliers = [None if g.suppliers is None else ", ".join(g.suppliers) for g in asked.values()]
    return {
        "workloads": measure_workload_states(logs.workloads, until=moment),
        "pipelines": _pipelines(logs, moment),
        "copies": _copies(logs, exposed, recoveries),
        "drills": _drills(logs, recoveries, names, moment=moment),
        "findings": _findings(logs, asked, moment),
        "reconnections": _reconnections(logs, guidelines, moment),
        "suppliers": _whole(names).assign(suppliers=pd.array(suppliers, dtype="str")),
    }


def _whole(names: pd.Index) -> pd.DataFrame:
    """Each service as a part of its own."""
    return pd.DataFrame({"service": names, "part": names}, dtype="str")


def _pipelines(logs, moment) -> pd.DataFrame:
    services = measure_services(logs)
    return measure_pipelines(logs.changes, services, until=moment, recorded=measure_recorded(logs, services))


def _copies(logs, exposed: Exposed, recoveries: pd.DataFrame) -> pd.DataFrame:
    """The backups of each asset a service needs, when they were last proven, and whether a copy is off-site."""
    moment = exposed.window.end
    found = measure_backup_standing(exposed.usable, exposed.members, logs.backups, until=moment)
    restored = measure_restored_sizes(recoveries, logs.backups, sizes=measure_backup_sizes(logs.backups, until=moment))
    proven = measure_last_proofs(restored, logs.backups, until=moment).reindex(found["part"])
    checked = logs.backups[logs.backups["verified_at"].notna()]
    kinds = logs.recoveries[logs.recoveries["kind"].isin(["drill", "restore"])]
    rows = pd.concat([checked[["format"]], kinds[["format"]]])
    places = [x if isinstance(x, list) else [] for x in found["locations"]]
    far = [_far(logs.catalog, a, p, u) for a, p, u in zip(found["part"], places, found["unplaced"], strict=True)]
    found = found.assign(
        proven_at=proven.astype("datetime64[us, UTC]").array,
        places=pd.array([", ".join(sorted(p)) for p in places], dtype="str"),
        off_site=pd.array(far, dtype="boolean"),
    )
    return _recorded(found, rows, logs, moment=moment)


def _far(catalog, asset: str, places: list[str], unplaced: bool) -> bool | None:
    """Whether one of the places is stated to be off-site; None where that cannot be told."""
    if not catalog.off_site:
        return None
    return any(catalog.is_off_site(asset, place) for place in places) or (None if unplaced else False)


def _drills(logs, recoveries: pd.DataFrame, names: pd.Index, *, moment) -> pd.DataFrame:
    """The last drill of every service, and since when drills of any are recorded."""
    rows = logs.recoveries[logs.recoveries["kind"] == "drill"]
    found = _whole(names)[["service"]].merge(measure_drills(recoveries), on="service", how="left")
    return _recorded(found.assign(part=found["service"]), rows, logs, moment=moment)


def _recorded(found: pd.DataFrame, rows: pd.DataFrame, logs, *, moment) -> pd.DataFrame:
    """With the moments from and until which the formats of some rows recorded such things."""
    ends = measure_record(rows, logs.exports, until=moment)
    names = ("recorded_from", "recorded_until")
    return found.assign(
        **{n: pd.Series(m, found.index, dtype="datetime64[us, UTC]") for n, m in zip(names, ends, strict=True)}
    )


def _findings(logs, asked: dict[str, Readiness], moment) -> pd.DataFrame:
    """Findings of each service: how many, how many are open, and the one found most often of those."""
    found = summarise_findings(measure_findings(logs.recoveries, until=moment))
    names = pd.Index(list(asked), dtype="str")
    still = [
        row.state == "open" and not is_closed(asked[row.service], row.finding, found_at=row.last_at, until=moment)
        for row in found.itertuples() if row.service in asked
    ]  # fmt: skip
    found = found[found["service"].isin(names)].assign(still=np.array(still, dtype=bool), n_found=1)
    worst = found[found["still"]].drop_duplicates("service").set_index("service")["finding"]
    back = (found["still"] & found["came_back"]).groupby(found["service"]).sum()
    groups = found.groupby("service")
    table = {"n_found": groups["n_found"].sum(), "n_open": groups["still"].sum(), "n_came_back": back}
    table |= {"finding": worst, "at": groups["last_at"].max()}
    return _whole(names).assign(**{c: values.reindex(names).array for c, values in table.items()})


def _reconnections(logs, guidelines: pd.DataFrame, moment) -> pd.DataFrame:
    """How often, and how late, each service was back after something it needs was."""
    oldest = guidelines["evidence_max_age_days"].max() if len(guidelines) else 1
    edges = dependency_edges(logs)
    disruptions, observation = look_at(logs, (moment - oldest * _DAY, moment))
    seen = measure_reconnections(disruptions, observation, edges)
    seen = seen[~seen["before"].astype(bool)].merge(guidelines, on="service")
    seen = seen.assign(at=to_moments(seen["back_at"].to_numpy(np.int64)))
    seen = seen[seen["at"] >= moment - seen["evidence_max_age_days"] * _DAY]
    late = seen["hours"] > seen["reconnect_within_hours"]
    seen = seen.assign(late=late, n=1)[late | ~seen["censored"].astype(bool)]
    groups = seen.groupby("service")
    table = {"n": groups["n"].sum(), "n_late": groups["late"].sum(), "longest_hours": groups["hours"].max()}
    table["at"] = groups["at"].max()
    names = pd.Index(guidelines["service"])
    whole = _whole(names).assign(**{c: values.reindex(names).array for c, values in table.items()})
    return whole.assign(n=whole["n"].fillna(0), n_late=whole["n_late"].fillna(0), needs=names.isin(edges["service"]))
