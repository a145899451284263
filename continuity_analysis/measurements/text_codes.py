"""Texts as whole numbers, which are compared, joined and sorted much faster."""

from collections.abc import Collection

import numpy as np
import pandas as pd


def words_of(words: tuple[str, ...], which: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Words by their number; -1 is missing."""
    return pd.array(words, dtype="str").take(which, allow_fill=True)


def texts_of(column: pd.Series) -> pd.api.extensions.ExtensionArray:
    """A column of texts, or of categories of texts, as texts."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return words_of(tuple(column.cat.categories), column.cat.codes.to_numpy(dtype=np.int64))
    return column.astype("str").array


def is_one_of(column: pd.Series, words: Collection[str]) -> np.ndarray:
    """Whether each value is one of some words; a missing one is none."""
    code, known = pd.factorize(column)
    return np.append(pd.Index(known).isin(list(words)), False)[code].astype(bool)


def numbers_in(names: pd.Index, column: pd.Series) -> np.ndarray:
    """The place of each text among some names; -1 where it is none of them."""
    code, known = pd.factorize(column)
    return np.append(names.get_indexer(pd.Index(known)), -1)[code]


def text_ranks(texts: pd.Series) -> np.ndarray:
    """The place of each text in their alphabetical order; a missing one comes last."""
    code, known = pd.factorize(texts)
    place = np.empty(len(known) + 1, dtype=np.int64)
    place[np.argsort(known.to_numpy(dtype=object), kind="stable")] = np.arange(len(known))
    place[-1] = len(known)
    return place[code]


def joint_codes(columns: list) -> np.ndarray:
    """One whole number per row, equal where all columns of whole numbers are; -1 counts as one of them."""
    joint = np.asarray(columns[0], dtype=np.int64) + 1
    for column in columns[1:]:
        part = np.asarray(column, dtype=np.int64) + 1
        size = int(part.max(initial=0)) + 1
        if int(joint.max(initial=0)) >= np.iinfo(np.int64).max // size - 1:
            joint = pd.factorize(joint)[0].astype(np.int64)
        joint = joint * size + part
    return joint


def all_different(code: np.ndarray) -> bool:
    """Whether no two rows have the same number, of numbers from 0 without gaps; -1 is missing."""
    return int(code.max(initial=-1)) + 1 == len(code)


def order_of(group: np.ndarray, moment: np.ndarray, *, unknown: int) -> np.ndarray:
    """Rows in the order of group (a number from 0) and moment, an unknown one last; equal ones as they came.

    Both are sorted as one number, where they fit in 64 bits.
    """
    known = moment != unknown
    high = int(moment.max(initial=unknown, where=known)) if known.any() else 0
    low = int(moment.min(initial=high, where=known))
    place = np.where(known, moment - low, high - low + 1)
    bits = (high - low + 1).bit_length()
    if int(group.max(initial=0)).bit_length() + bits > 62:
        return np.lexsort((place, group))
    return np.argsort((group << bits) + place, kind="stable")
