"""Which notebooks there are: found by name, and not read yet."""

from pathlib import Path

from continuity_analysis.errors import InputError

EXPLORING = ("explore",)
"""Notebooks for exploring by hand; run as reports only when named."""
PER_SERVICE = ("service_review",)
"""Notebooks about one service; run as reports only when named, or once per service with `--each service`."""
_PACKAGE = Path(__file__).resolve().parents[1]


def find_notebooks(
    names: tuple[str, ...] = (), *, folder: str | Path | None = None, each: str | None = None
) -> dict[str, Path]:
    """The notebooks asked for by name, or all reports there are.

    Parameters
    ----------
    names : tuple of str
        Names such as "availability"; a path to an .ipynb file is accepted as well. Empty: all but `EXPLORING` and, if
        they are not to be run once per service, `PER_SERVICE`.
    folder : path, optional
        Where to look. By default `notebooks/` of the project, then those that come with the package, then
        `notebooks/` in the current folder.
    each : str, optional
        What `--each` names.

    Raises
    ------
    InputError
        If there is none, or none of that name.
    """
    folders = [Path(folder)] if folder else [_PACKAGE.parent / "notebooks", _PACKAGE / "notebooks", Path("notebooks")]
    there = [{path.stem: path for path in sorted(place.glob("*.ipynb"))} for place in folders]
    if not names:
        found = next((paths for paths in there if paths), {})
        left_out = EXPLORING if each else (*EXPLORING, *PER_SERVICE)
        found = {name: path for name, path in found.items() if name not in left_out}
        if not found:
            places = ", ".join(map(str, folders))
            raise InputError(f"Expected notebooks in {places}, found none: say where they are.")
        return found
    known = {name: path for paths in reversed(there) for name, path in paths.items()}
    return dict(_named(name, known) for name in names)


def _named(name: str, known: dict[str, Path]) -> tuple[str, Path]:
    if name in known:
        return name, known[name]
    path = Path(name)
    if path.suffix == ".ipynb" and path.is_file():
        return path.stem, path
    raise InputError(f"Expected a report out of {', '.join(sorted(known)) or 'none'}, got {name!r}.")
