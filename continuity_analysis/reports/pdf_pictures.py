"""Pictures of documents: checked, measured, and named so that each is stored once."""

import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from continuity_analysis.reports.pdf_typst import literal
from continuity_analysis.reports.pictures import decoded, dots_size, drawing_size

WIDEST = 493.0  # pt: the text's width on an upright page
HIGHEST = 600.0  # pt: what is higher is scaled down, so that its heading stays with it
KINDS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg"}
PT = 0.75  # per CSS pixel
_DATA = re.compile(r"data:(image/[\w+.-]+)(?:;[\w=-]+)*?(;base64)?,(.*)", re.DOTALL)


class Pictures:
    """The pictures of one document.

    Attributes
    ----------
    files : dict
        Name -> content.
    folder : Path, optional
        Where pictures that a text names by file may lie; without it none is read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self.folder = folder

    def add(self, kind: str, content: bytes, *, alt: str, width: float | None = None, function: str = "shown") -> str:
        """Keep a picture.

        Parameters
        ----------
        kind : str
            Its MIME type.
        content : bytes
            Of the file.
        alt : str
            Words for those who cannot see it.
        width : float, optional
            As wide as it is to be shown, in CSS pixels; by default its own.
        function : str
            "shown" for a block of its own, "picture" within a line.

        Returns
        -------
        str
            Typst's code that shows it; its words where it cannot be read.
        """
        size = drawing_size(content) if kind == "image/svg+xml" else dots_size(content)
        if kind not in KINDS or size is None:
            return f"#emph({literal(f'[{alt}]')})"
        name = f"{sha256(content).hexdigest()[:16]}.{KINDS[kind]}"
        self.files[name] = content
        wide = (width or size[0]) * PT
        fit = min(1.0, WIDEST / wide, HIGHEST / (wide * size[1] / size[0]))
        return f"#{function}({literal(name)}, width: {wide * fit:.1f}pt, alt: {literal(alt)})"

    def find(self, address: str, *, alt: str) -> str:
        """Typst's code for a picture within a text: from its data, or from a file in `folder`; else its words."""
        if found := _DATA.match(address):
            kind, coded, data = found.groups()
            return self.add(kind, decoded(data) if coded else unquote(data).encode(), alt=alt, function="picture")
        if self.folder is not None and not re.match(r"\w+:|//", address):
            path = (self.folder / unquote(address)).resolve()
            kind = {f".{ending}": kind for kind, ending in KINDS.items()}.get(path.suffix.lower(), "image/jpeg")
            if path.is_relative_to(self.folder.resolve()) and path.is_file():
                return self.add(kind, path.read_bytes(), alt=alt, function="picture")
        return f"#emph({literal(f'[{alt}]')})"
