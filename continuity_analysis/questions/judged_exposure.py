"""Exposure by the disruption that each objective is judged against.

That is corruption or attack (backups and logs only), unless an objective says `against: loss of primary` (replicas by
their lag as well). The two are never merged: a service has the one or the other, an asset or a tier always the former.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from continuity_analysis.questions.exposed import Exposed, observe_exposure

CORRUPTION, PRIMARY = "corruption or attack", "loss of primary"


def observe_judged(logs, period, by: str) -> dict[str, Exposed]:
    """Exposure in a period of the groups judged against each disruption; of disruptions without a group nothing.

    Raises
    ------
    InputError
        If `by` is neither "service", "asset" nor "tier".
    """
    exposed = observe_exposure(logs, period, by)
    primary = against_primary(exposed)
    if by != "service" or not primary.any():
        return {CORRUPTION: exposed}
    with_replicas = observe_exposure(logs, period, by, view=PRIMARY)
    parts = {PRIMARY: _only(with_replicas, exposed.groups[primary])}
    return parts if primary.all() else {CORRUPTION: _only(exposed, exposed.groups[~primary]), **parts}


def against_primary(exposed: Exposed) -> np.ndarray:
    """Of each group, whether its objective is judged against loss of the primary."""
    if "rpo_against" not in exposed.promised:
        return np.zeros(len(exposed.groups), dtype=bool)
    return (exposed.promised["rpo_against"] == PRIMARY).to_numpy(dtype=bool)


def lacking_of(exposed: Exposed, by: str) -> pd.Series:
    """What each group lacks for a view, in words; groups that lack nothing are absent."""
    lacking = pd.DataFrame({"asset": list(exposed.lacking), "why": list(exposed.lacking.values())}, dtype="str")
    lacking = lacking if by == "asset" else lacking.merge(exposed.assets_of(by), on="asset")
    return lacking.groupby(by)["why"].agg(lambda why: "; ".join(dict.fromkeys(why)))


def _only(exposed: Exposed, services: pd.Index) -> Exposed:
    """The exposure of some services."""
    return replace(
        exposed,
        pieces=exposed.pieces[exposed.pieces["service"].isin(services)].reset_index(drop=True),
        members=exposed.members[exposed.members["service"].isin(services)].reset_index(drop=True),
        groups=services,
        promised=exposed.promised.reindex(services),
    )
