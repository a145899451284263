"""Typst: text as its literals, the width of its letters, and the document compiled in this process, offline."""

import json
import re
import shutil
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from continuity_analysis.errors import ReportError
from continuity_analysis.reports.deck_text import Ruler

TEMPLATE = resources.files("continuity_analysis.reports") / "templates" / "continuity" / "report.typ"
FACE = "Libertinus Serif"
"""What documents are set in; it comes with typst. Letters it lacks are taken from DejaVu Sans, out of matplotlib."""
DEJAVU = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSans-BoldOblique.ttf")
BREAK = "\u200b"
"""Zero-width space: a line may break here."""
LONGEST = 30  # characters of a word in running text before it may be broken
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_advances: dict[tuple[str, bool], float] = {}


def literal(text: str) -> str:
    """Text as a string of typst's code: it is shown as it is, whatever it holds."""
    return '"' + _CONTROL.sub("", text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def breakable(text: str, *, longest: int = LONGEST) -> str:
    """Text whose overlong words may be broken over lines."""
    return re.sub(rf"\S{{{longest}}}(?=\S)", lambda piece: piece.group() + BREAK, text)


class PrintRuler(Ruler):
    """Measures text in the font of documents, as typst does."""

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width [pt] of a line of text at a font size [pt]."""
        return size * _width(text, bold)


@lru_cache(maxsize=1 << 16)
def _width(text: str, bold: bool) -> float:
    """Width of a line of text in sizes of its font."""
    if not all((letter, bold) in _advances for letter in text):
        _measure({*text, *map(chr, range(32, 127))})
    return sum(_advances[letter, bold] for letter in text)


def _measure(letters: set[str]) -> None:
    """Ask typst how wide letters are, in sizes of the font."""
    import typst

    asked = sorted(letter for letter in letters if (letter, False) not in _advances)
    texts = "".join(f"{literal(letter)}, " for letter in asked)
    wide = f'#let wide(c, w) = measure(text(size: 100pt, font: "{FACE}", weight: w, c)).width.pt()\n'
    said = f"#context [#metadata(({texts}).map(c => (wide(c, 400), wide(c, 600)))) <widths>]"
    found = json.loads(
        typst.query((wide + said).encode(), "<widths>", field="value", one=True, font_paths=_own_fonts())
    )
    for letter, (regular, bold) in zip(asked, found, strict=True):
        _advances[letter, False], _advances[letter, True] = regular / 100, bold / 100


@lru_cache(maxsize=1)
def _own_fonts():
    import typst

    return typst.Fonts(include_system_fonts=False)


def compile_document(source: str, files: Mapping[str, bytes], *, as_of: pd.Timestamp | None = None) -> bytes:
    """A PDF from typst's source.

    Parameters
    ----------
    source : str
        Of the document; it may import "report.typ".
    files : mapping
        Names of pictures -> content.
    as_of : pandas.Timestamp, optional
        The date of the file; without it the file has none. The same source makes the same bytes.

    Raises
    ------
    ReportError
        If typst cannot set it.
    """
    import typst

    with TemporaryDirectory(prefix="continuity-") as folder:
        place = Path(folder)
        texts = {"main.typ": source, "report.typ": TEMPLATE.read_text(encoding="utf-8")}
        for name, content in (files | {name: text.encode(errors="replace") for name, text in texts.items()}).items():
            (place / name).write_bytes(content)
        how = {"root": folder, "font_paths": _fonts(place / "fonts", set(source)), "package_cache_path": folder}
        how |= {"package_path": folder, "timestamp": 0 if as_of is None else int(as_of.timestamp())}
        try:
            return typst.compile(str(place / "main.typ"), **how, pdf_standards="ua-1")
        except typst.TypstError:  # what an accessible PDF must have is not there, such as words for a formula
            return _compile_freely(str(place / "main.typ"), how)
        finally:
            _forget()


def _forget() -> None:
    """Make typst forget the pictures of a document, which it keeps until ten others are set: here, empty ones."""
    import typst

    for _ in range(11):
        typst.compile(b"", font_paths=_own_fonts())


def _compile_freely(path: str, how: dict) -> bytes:
    import typst

    try:
        return typst.compile(path, **how)
    except typst.TypstError as error:
        raise ReportError(
            f"Expected a document that typst can set as PDF, got: {error.message}; the page in HTML shows the same."
        ) from error


def _fonts(folder: Path, letters: set[str]):
    """Typst's own fonts and DejaVu Sans, the same on every machine; the system's only for letters these two lack."""
    import matplotlib
    import typst
    from matplotlib.ft2font import FT2Font

    source = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    folder.mkdir()
    for name in DEJAVU:
        shutil.copyfile(source / name, folder / name)
    known = FT2Font(str(source / DEJAVU[0])).get_charmap()
    lacking = any(ord(letter) not in known for letter in letters if letter.isprintable())
    return typst.Fonts(include_system_fonts=lacking, font_paths=[str(folder)])
