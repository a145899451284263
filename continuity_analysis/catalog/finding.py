"""The catalogue that goes with a place: what was given, else the `services.yaml` in or beside it."""

from collections.abc import Iterable
from pathlib import Path

from continuity_analysis.catalog.contents import Catalog
from continuity_analysis.catalog.reading import FILE_NAME, read_catalog


def find_catalog(given: "str | Path | dict | Catalog | None", places: Iterable["str | Path"]) -> Catalog:
    """The catalogue that was given, else the first `services.yaml` in or beside one of the places, else an empty one.

    Raises
    ------
    CatalogError
        As `read_catalog`.
    """
    return read_catalog(catalog_file(places) if given is None else given)


def catalog_file(places: Iterable["str | Path"]) -> Path | None:
    """The first `services.yaml` in or beside one of the places, or None."""
    local = [Path(place) for place in places if "://" not in str(place)]
    folders = [folder for path in local for folder in (path, path.absolute().parent)]
    return next((f / FILE_NAME for f in folders if (f / FILE_NAME).is_file()), None)
