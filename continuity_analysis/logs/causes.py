"""The catalogue's rules for the class of an incident's cause; what was ingested never changes."""

import re
from collections.abc import Iterable
from fnmatch import translate

import pandas as pd

from continuity_analysis.catalog import CauseRule

BY_SOURCE, BY_RULE = "source", "rule"
_TEXTS = ("cause_reported", "title")


def classify(incidents: pd.DataFrame, rules: Iterable[CauseRule]) -> pd.DataFrame:
    """A copy of the incidents with the class of cause that the rules give.

    Parameters
    ----------
    incidents : DataFrame
    rules : iterable of CauseRule
        The first that fits the cause or the title, as reported, decides; upper and lower case are the same.

    Returns
    -------
    DataFrame
        The columns of `incidents`, with `cause` as the rule has it (the source's own class where none fits), and
        `cause_basis`: "source", "rule" or null where the cause is unknown.
    """
    cause = incidents["cause"]
    basis = pd.Series(None, index=incidents.index, dtype="str").mask(cause.notna(), BY_SOURCE)
    decided = pd.Series(False, index=incidents.index)
    for rule in rules:
        fits = _fits(incidents, rule.when) & ~decided
        cause, basis = cause.mask(fits, rule.cause), basis.mask(fits, BY_RULE)
        decided |= fits
    return incidents.assign(cause=cause, cause_basis=basis)


def _fits(incidents: pd.DataFrame, pattern: str) -> pd.Series:
    like = re.compile(translate(pattern), re.IGNORECASE)
    fits = pd.Series(False, index=incidents.index)
    for column in _TEXTS:
        texts = incidents[column]
        fits |= texts.isin([t for t in texts.dropna().unique() if like.match(t)])
    return fits
