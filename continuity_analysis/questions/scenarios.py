"""What if? Years of the platform as the logs let one expect it, and as it would be after a change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from continuity_analysis.catalog import TODAY, read_scenarios
from continuity_analysis.errors import InputError
from continuity_analysis.models.edits import no_edits
from continuity_analysis.models.expected_availability import FEWEST
from continuity_analysis.models.platform import Platform
from continuity_analysis.models.platform_fit import POOLED, fit_platform
from continuity_analysis.models.scenarios import USUAL, edits_of, why_not
from continuity_analysis.models.simulated_years import exceedance, summarise_years
from continuity_analysis.models.simulation import YEARS, SimulatedYears, simulate
from continuity_analysis.questions.platform_evidence import gather_evidence
from continuity_analysis.questions.promises import promises


@dataclass(frozen=True, eq=False)
class WhatIf:
    """Scenarios beside today.

    Attributes
    ----------
    summary : DataFrame
        One row per scenario and service, today first, as `summarise_years` has it; objective, rpo_hours, rto_hours
        (what is promised) and reason (why it is null).
    curves : DataFrame
        As `exceedance` has it: the share of years that cost more than so much.
    basis : DataFrame
        One row per service: n failures, n_known of known length, spread_from (whose spread of down times: own, all
        services), n_recoveries, recovery_from, n_needed_backup, n_pieces of exposure, detection_from, reason.
    years : int
        How many were simulated.
    """

    summary: pd.DataFrame
    curves: pd.DataFrame
    basis: pd.DataFrame
    years: int


def what_if(
    logs,
    period,
    *,
    scenarios: "str | Path | Mapping | None" = None,
    history=None,
    needs_backup: float | None = None,
    years: int = YEARS,
    seed: int = 0,
) -> WhatIf:
    """What a year would cost as the platform is today, and under each scenario.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        The time whose backups count.
    scenarios : path or mapping, optional
        A YAML file, or name -> change (or a list of changes), as `catalog.Change` has them; by default those that the
        catalogue states, and where it states none those of `models.scenarios.USUAL`.
    history : str, Period or pair of moments, optional
        The time whose failures count; by default all known time up to as_of.
    needs_backup : float, optional
        Share of failures that need a backup; by default as recorded, pooled over services.
    years : int
        How many years are simulated.
    seed : int

    Returns
    -------
    WhatIf

    Raises
    ------
    CatalogError
        If a scenario is not understood.
    InputError
        If it names a service that there is not, or there are too few years.
    """
    if years < 100:
        raise InputError(f"Expected at least 100 years to simulate, got {years}.")
    if needs_backup is not None and not 0 <= needs_backup <= 1:
        raise InputError(f"Expected needs_backup to be a share from 0 to 1, got {needs_backup}.")
    wanted = read_scenarios((logs.catalog.scenarios or USUAL) if scenarios is None else scenarios)
    evidence = gather_evidence(logs, period, history=history)
    platform = fit_platform(evidence, needs_backup=np.nan if needs_backup is None else needs_backup)
    edits = {TODAY: no_edits(len(platform.services))}
    edits |= {name: edits_of(changes, platform, name=name) for name, changes in wanted.items()}
    simulated = simulate(platform, edits, years=years, seed=seed)
    reasons = {name: why_not(e, platform) for name, e in edits.items()}
    simulated = {name: _without(x, reasons[name].notna().to_numpy()) for name, x in simulated.items()}
    promised = _promised_by_backups(promises(logs.catalog, platform.services))
    summary = summarise_years(simulated, promised=promised, firm=_firm(platform))
    summary = summary.merge(_targets(promised), on="service", how="left")
    summary["reason"] = pd.concat([_told(platform, r) for r in reasons.values()], ignore_index=True)
    return WhatIf(summary, exceedance(simulated), platform.about, years)


def _promised_by_backups(promised: pd.DataFrame) -> pd.DataFrame:
    """Promises less recovery points judged against loss of primary: what is simulated is lost back to a backup."""
    hours = promised["rpo_within_hours"].mask(promised["rpo_against"].eq("loss of primary"))
    return promised.assign(rpo_within_hours=hours)


def _firm(platform: Platform) -> np.ndarray:
    """Services with failures enough to speak of their mean down time."""
    about = platform.about
    return ((about["n_known"] >= FEWEST) | (about["spread_from"] == POOLED)).to_numpy(bool)


def _targets(promised: pd.DataFrame) -> pd.DataFrame:
    names = {"availability": "objective", "rpo_within_hours": "rpo_hours", "rto_within_hours": "rto_hours"}
    return promised.rename(columns=names)[list(names.values())].reset_index()


def _told(platform: Platform, reasons: pd.Series) -> pd.Series:
    """Why a row is null, for every service and for all together."""
    own = platform.about["reason"].where(platform.about["reason"].notna(), reasons)
    few = "mean not known: failures of known length fewer than " + str(FEWEST)
    own = own.mask(own.isna() & ~_firm(platform), few)
    together = "not every service can be answered" if reasons.notna().any() else None
    return pd.concat([own, pd.Series([together], dtype="str")], ignore_index=True)


def _without(years: SimulatedYears, unknown: np.ndarray) -> SimulatedYears:
    """Years in which nothing is known of services that the scenario cannot be answered for."""
    if not unknown.any():
        return years
    names = ("down", "whole", "failures", "recoveries", "lost", "worst_lost", "worst_recovery")
    return replace(years, **{n: np.where(unknown[:, None], np.nan, getattr(years, n)) for n in names})
