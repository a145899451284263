"""The formats: found by their module's name, checked against the contract, and asked which one a file is."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType

from continuity_analysis.errors import FormatError, InputError
from continuity_analysis.ingest import formats as _package
from continuity_analysis.ingest.heads import Head
from continuity_analysis.ingest.mapping_draft import unrecognised
from continuity_analysis.tables import EVIDENCE, EXPORTS

CONTAINERS = ("json", "csv", "lines", "parquet")
MAPPED = {"csv": "csv_mapped", "json": "json_mapped", "parquet": "parquet_mapped"}
EXPORT_KINDS = next(c.values for c in EXPORTS.columns if c.name == "export_kind")
SPECIAL = ("$page", "$file", "$raw", "$key")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED = {"record_no", "page"}


@dataclass(frozen=True)
class Format:
    """One kind of export, as its module in `ingest.formats` describes it; see that package for the contract."""

    name: str
    title: str
    manual: str
    product: str
    container: str
    keys: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    export: str
    tables: Mapping[str, str]
    recognises: Callable[[Head], bool]
    naive: tuple[str, ...] = ()
    observed: str | None = None
    ignores: Mapping[str, str] = field(default_factory=dict)
    rejects: Mapping[str, str] = field(default_factory=dict)
    refuses: Mapping[str, str] = field(default_factory=dict)
    scope: str | None = None
    together: bool = False
    of_source: Callable | None = None
    dayfirst: bool | None = None

    @property
    def fills(self) -> str:
        """The tables it fills, in words."""
        return ", ".join(self.tables) or ("the table stated" if self.of_source else "no table")

    @property
    def statements(self) -> list[str]:
        """All SQL of the format."""
        return [*self.ignores.values(), *self.rejects.values(), *self.tables.values()]


@cache
def formats() -> Mapping[str, Format]:
    """Every format there is, by name.

    Raises
    ------
    FormatError
        If a module breaks the contract.
    """
    names = sorted(m.name for m in pkgutil.iter_modules(_package.__path__) if not m.name.startswith("_"))
    return {name: read_module(importlib.import_module(f"{_package.__name__}.{name}")) for name in names}


def find_format(name: str) -> Format:
    """The format called `name`; "csv", "json" and "parquet" are short for the mapped ones.

    Raises
    ------
    InputError
        If there is none.
    """
    known = formats()
    name = MAPPED.get(name, name)
    if name not in known:
        raise InputError(f"Expected a format, one of {', '.join(known)}; got {name!r}.")
    return known[name]


def read_module(module: ModuleType) -> Format:
    """A module of `ingest.formats` as a Format.

    Raises
    ------
    FormatError
        If something is missing or is not what the contract says.
    """
    name = module.__name__.rpartition(".")[2]
    title, _, manual = (module.__doc__ or "").strip().partition("\n")
    key = getattr(module, "KEY", None)
    made = Format(
        name=name,
        title=title.strip().rstrip("."),
        manual=manual.strip(),
        product=getattr(module, "PRODUCT", name.partition("_")[0]),
        container=getattr(module, "CONTAINER", ""),
        keys=() if key is None else (key,) if isinstance(key, str) else tuple(key),
        fields={k: (v,) if isinstance(v, str) else tuple(v) for k, v in getattr(module, "FIELDS", {}).items()},
        export=getattr(module, "EXPORT", ""),
        tables=getattr(module, "TABLES", {}),
        recognises=getattr(module, "recognises", None),
        naive=tuple(getattr(module, "NAIVE", ())),
        observed=getattr(module, "OBSERVED", None),
        ignores=getattr(module, "IGNORES", {}),
        rejects=getattr(module, "REJECTS", {}),
        refuses=getattr(module, "REFUSES", {}),
        scope=getattr(module, "SCOPE", None),
        together=bool(getattr(module, "TOGETHER", False)),
        of_source=getattr(module, "of_source", None),
    )
    check(made)
    return made


def check(made: Format) -> None:
    """Hold a format against the contract.

    Raises
    ------
    FormatError
        With one sentence on what is wrong first.
    """
    for wrong, sentence in _faults(made):
        if wrong:
            raise FormatError(f"Format {made.name}: {sentence}.")


def _faults(made: Format) -> Iterable[tuple[bool, str]]:
    yield not made.title, "expected a docstring whose first line is product and export, got none"
    yield made.container not in CONTAINERS, f"CONTAINER: expected one of {CONTAINERS}, got {made.container!r}"
    yield made.export not in EXPORT_KINDS, f"EXPORT: expected one of {EXPORT_KINDS}, got {made.export!r}"
    yield not callable(made.recognises), "expected a function recognises(head), got none"
    yield bool(made.keys) and made.container != "json", "KEY belongs to CONTAINER json"
    if made.of_source is None:
        yield not made.fields, "FIELDS: expected at least one field, got none"
        yield not (made.tables or made.ignores), "TABLES: expected at least one table (or IGNORES), got none"
    for name in made.fields:
        wrong = not _NAME.fullmatch(name) or name in _RESERVED
        yield wrong, f"FIELDS: expected a small-letter name that is not record_no or page, got {name!r}"
    for name in made.tables:
        yield name not in EVIDENCE, f"TABLES: expected canonical tables ({', '.join(EVIDENCE)}), got {name!r}"
    for name in made.naive:
        yield name not in made.fields, f"NAIVE: expected names in FIELDS, got {name!r}"
    yield made.scope not in (None, *made.fields), f"SCOPE: expected a name in FIELDS, got {made.scope!r}"
    if made.container == "lines":
        for name, pattern in ((n, p) for n, ps in made.fields.items() for p in ps if p not in SPECIAL):
            yield (
                _groups(pattern) != 1,
                f"FIELDS: {name}: expected a regular expression with one group, got {pattern!r}",
            )


def _groups(pattern: str) -> int:
    try:
        return re.compile(pattern).groups
    except re.error:
        return -1


def recognise(head: Head, among: Iterable[Format] | None = None) -> tuple[Format | None, str | None]:
    """The one format that claims a file, or None and one sentence on why there is none.

    Only formats whose container can hold the file are asked: JSON formats for JSON, CSV formats for CSV, formats of
    text lines for anything but JSON.
    """
    claims, failed = [], []
    known = list(formats().values() if among is None else among)
    for one in known:
        if one.container != head.container and (one.container != "lines" or head.container != "csv"):
            continue
        try:
            if one.recognises(head):
                claims.append(one)
        except Exception as error:  # one format that trips over a strange file must not hide the others
            failed.append(f"{one.name} could not look at it ({type(error).__name__}: {error})")
    if len(claims) == 1:
        return claims[0], None
    if claims:
        names = " and ".join(one.name for one in claims)
        return None, f"claimed by {names}: say which with --format or in `sources` of the catalogue"
    refused = [why for one in known for why, pattern in one.refuses.items() if re.search(pattern, head.text)]
    return None, "; ".join([*(refused or [unrecognised(head)]), *failed])
