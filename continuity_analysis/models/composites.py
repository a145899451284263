"""Verdicts of many services together, and what a service can promise given what those it needs keep to.

A composite is a set of services: a tier, a service with everything it needs, all there are. It has no promise of its
own; its verdict is the worst of its services', and nothing of it enters theirs.

In series every part must be up. Whatever failures coincide, such a whole is up no more than its least available part;
where parts fail independently, its availability is the product of theirs (Trivedi 2002, ch. 3).

References
----------
Trivedi, K. S. (2002), Probability and Statistics with Reliability, Queuing and Computer Science Applications, Wiley.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.verdicts import VERDICTS, hours, percent
from continuity_analysis.words import few

KINDS = ("all", "tier", "depends_on")
COUNTS = {verdict: f"n_{verdict.lower()}" for verdict in VERDICTS}
WORDS = {"BREACHED": "breached", "AT_RISK": "at risk", "INSUFFICIENT": "not to be judged", "MET": "met"}
TOGETHER = "the worst verdict of its services; achieved: share of the time known of all of them in which all were up"
WORST = "the worst verdict of its services; achieved: the worst of those that promised it"
REACH = ("no", "only if failures coincide", "unknown", "yes")
COLUMNS = (
    "composite", "kind", "objective", "unit", "verdict", "provisional", "n_services", *COUNTS.values(), "achieved",
    "n_known", "worst_service", "known_hours", "rule", "reason",
)  # fmt: skip
_NAMED = 6
_UP = 1 + 1e-12  # rounding
_KEYS = ["kind", "composite", "objective"]


def estimate_composites(card: pd.DataFrame, members: pd.DataFrame, together: pd.DataFrame) -> pd.DataFrame:
    """The verdicts of the services of each composite together, and what they achieved together.

    Parameters
    ----------
    card : DataFrame
        One row per service and objective: service, objective, unit, achieved, verdict, provisional.
    members : DataFrame
        composite, kind, service: which services each has.
    together : DataFrame
        composite, kind, availability (all up at once), known_hours [h]; null where they were never known together.

    Returns
    -------
    DataFrame
        One row per composite and objective, worst first within a kind: unit; verdict, the worst of those that are set;
        provisional; n_services, and how many have each verdict (n_breached and so on); achieved in `unit` (of
        availability all up together, else the worst of the n_known services of which it is known, among those that
        promised it, or all where none did); worst_service, the
        one with the worst verdict and, among those, the worst achieved; known_hours (availability); rule, reason.
    """
    rows = members.merge(card, on="service")
    rows = rows.assign(place=rows["verdict"].map(VERDICTS.index).astype("int64"), loss=_loss(rows))
    rows = rows.sort_values([*_KEYS, "place", "loss", "service"], ascending=[True] * 4 + [False, True])
    grouped = rows.groupby(_KEYS, sort=True)
    found = grouped.agg(unit=("unit", "first"), place=("place", "min"), n_services=("service", "size"))
    found = found.assign(provisional=grouped["provisional"].any())
    asked = rows[_is_asked(rows)]
    found["n_known"] = asked.groupby(_KEYS)["achieved"].count()
    worst = asked.dropna(subset="achieved").sort_values("loss", ascending=False, kind="stable").drop_duplicates(_KEYS)
    found = found.assign(achieved=worst.set_index(_KEYS)["achieved"], worst_service=grouped["service"].first())
    counts = rows.groupby([*_KEYS, "verdict"]).size().unstack(fill_value=0).reindex(columns=VERDICTS, fill_value=0)
    found = found.join(counts.rename(columns=COUNTS)).reset_index()
    found = found.merge(together.assign(objective="availability"), on=_KEYS, how="left")
    whole = found["objective"] == "availability"
    found["achieved"] = found["achieved"].astype(float).mask(whole, found["availability"])
    found["verdict"] = pd.Series(np.array(VERDICTS, dtype=object)[found["place"]], dtype="str")
    found["provisional"] = found["provisional"] & ~found["verdict"].isin(["BREACHED", "NOT_SET"])
    named = rows.groupby([*_KEYS, "verdict"])["service"].agg(list)
    found = found.assign(rule=np.where(whole, TOGETHER, WORST), reason=_reasons(found, named))
    order = [found["composite"], found["objective"], found["place"], found["kind"].map(KINDS.index)]
    text = dict.fromkeys(("composite", "kind", "objective", "unit", "worst_service", "rule", "reason"), "str")
    return found.iloc[np.lexsort([key.to_numpy() for key in order])].astype(text).reset_index(drop=True)[list(COLUMNS)]


def _is_asked(rows: pd.DataFrame) -> pd.Series:
    """Whether a service counts for what is achieved together: it promised, or none of them did."""
    promised = rows["verdict"] != "NOT_SET"
    return promised | ~promised.groupby([rows[key] for key in _KEYS]).transform("any")


def estimate_reach(services: pd.DataFrame, needs: pd.DataFrame, *, of: str) -> pd.DataFrame:
    """The most that a service can be up, with all it needs, if those keep to what they promised or achieved.

    Parameters
    ----------
    services : DataFrame
        service, target (its availability objective; NaN: not set).
    needs : DataFrame
        service, part (what it needs, directly or through others), and the column named by `of`, 0 to 1 (NaN: unknown).
    of : str
        Which column holds the availability of the parts.

    Returns
    -------
    DataFrame
        One row per service: lowest (its least available part, no more whatever coincides), product (as if parts failed
        independently), both of the parts known; n_unknown, unknown (their names); own_needed (what the service by
        itself must then be for its target, as if independent; null where that is over 1); reachable ("yes": by a
        service that fails sometimes; "only if failures coincide"; "no"; "unknown").
    """
    value = needs[of].astype(float)
    grouped = needs.assign(value=value).groupby("service")["value"]
    unknown = needs[value.isna()].groupby("service")["part"].agg(lambda names: few(list(names), _NAMED))
    names = services["service"]
    lowest, product = (x.reindex(names).to_numpy() for x in (grouped.min(), grouped.prod(min_count=1)))
    target, missing = services["target"].to_numpy(float), names.map(unknown).notna().to_numpy()
    own = np.minimum(target / np.where(product > 0, product, np.nan), 1)
    own = np.where(missing | (target > product * _UP), np.nan, own)
    holds = [np.isnan(target), target > lowest * _UP, target * _UP > product, missing | np.isnan(product)]
    reach = np.select(holds, ["unknown", "no", "only if failures coincide", "unknown"], "yes")
    found = {"service": names, "lowest": lowest, "product": product, "own_needed": own}
    return pd.DataFrame(found).assign(
        n_unknown=names.map(needs.assign(gone=value.isna()).groupby("service")["gone"].sum()).fillna(0).astype("int64"),
        unknown=names.map(unknown).astype("str"),
        reachable=pd.array(reach, dtype="str"),
    )


def reach_in_words(rows: pd.DataFrame, *, of: str) -> pd.Series:
    """Why a target can be reached or not, in a sentence.

    Parameters
    ----------
    rows : DataFrame
        target, needs (names), lowest, product, own_needed, unknown, reachable.
    of : str
        What the parts are taken to be: "as promised" or "as achieved".
    """
    names = ("target", "product", "lowest", "own_needed")
    target, product, lowest, own = (percent(rows[name].to_numpy(float)) for name in names)
    needs, unknown = (rows[name].fillna("").reset_index(drop=True) for name in ("needs", "unknown"))
    named = of + ", what it needs (" + needs + ")"
    whole = named + " is up " + product + " of the time if failures are independent"
    said = {
        "yes": whole + "; by itself the service must be up " + own,
        "only if failures coincide": whole + ", no more than the " + target + " promised",
        "no": named + " is up no more than " + lowest + ", less than the " + target + " promised",
        "unknown": of + ", not known: " + unknown,
    }
    reach = rows["reachable"].to_numpy(object)
    text = np.select([reach == name for name in REACH], [said[name].to_numpy(object) for name in REACH], "")
    return pd.Series(
        np.where(rows["target"].isna(), "no availability is promised", text), index=rows.index, dtype="str"
    )


def _loss(rows: pd.DataFrame) -> np.ndarray:
    """How bad the achieved is: durations the longer, ratios the smaller; not known is least."""
    achieved = rows["achieved"].to_numpy(dtype=float, na_value=np.nan)
    return np.nan_to_num(np.where(rows["unit"] == "ratio", -achieved, achieved), nan=-np.inf, posinf=np.inf)


def _reasons(found: pd.DataFrame, named: pd.Series) -> list[str]:
    """Which services have which verdict, and for how long all were known together."""
    known, up = hours(found["known_hours"].to_numpy(float)), percent(found["achieved"].to_numpy(float))
    lists, said = named.to_dict(), []
    for i, row in enumerate(found.itertuples()):
        keys = (row.kind, row.composite, row.objective)
        parts = [f"{WORDS[v]}: {few(lists[*keys, v], _NAMED)}" for v in VERDICTS[:-1] if (*keys, v) in lists]
        words = "; ".join(parts) or "no objective is set"
        if row.objective == "availability":
            never = "never were all of them known at once"
            words += f"; all up {up[i]} of the {known[i]} known of all" if row.known_hours > 0 else f"; {never}"
        said.append(words)
    return said
