"""Pictures of documents: checked, measured, and named so that each is stored once."""

import base64
import binascii
import io
import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from lxml import etree
from PIL import Image

from continuity_analysis.reports.pdf_typst import literal

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
        size = _svg_size(content) if kind == "image/svg+xml" else _size(content)
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


def decoded(data: str) -> bytes:
    """The bytes behind base64; none where it is something else."""
    try:
        return base64.b64decode("".join(data.split()))
    except (binascii.Error, ValueError):
        return b""


def _size(content: bytes) -> tuple[float, float] | None:
    """Width and height [px] of a picture made of dots, or None where it is broken."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            size = picture.size
            picture.verify() if picture.format == "PNG" else picture.load()
    except Exception:
        return None
    return size


def _svg_size(content: bytes) -> tuple[float, float] | None:
    """Width and height [px] of a drawing, or None where it is broken."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None
    if etree.QName(root).localname != "svg":
        return None
    box = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", root.get("viewBox", ""))]
    own = [_pixels(root.get(name, "")) for name in ("width", "height")]
    width, height = own if all(own) else box[2:] if len(box) == 4 else (300.0, 150.0)
    return (width, height) if width > 0 and height > 0 else None


def _pixels(length: str) -> float:
    """A length of SVG in CSS pixels; 0 where it is none of its own, such as "100%"."""
    found = re.fullmatch(r"\s*([\d.]+)\s*(px|pt|in|cm|mm|)\s*", length)
    factors = {"px": 1, "": 1, "pt": 4 / 3, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}
    return float(found.group(1)) * factors[found.group(2)] if found else 0.0
