"""Pictures that notebooks hold: their bytes, and how large they are, or that they are none."""

import base64
import binascii
import io
import re

from lxml import etree
from PIL import Image


def decoded(data: str) -> bytes:
    """The bytes behind base64; none where it is something else."""
    try:
        return base64.b64decode("".join(data.split()))
    except (binascii.Error, ValueError):
        return b""


def dots_size(content: bytes) -> tuple[float, float] | None:
    """Width and height [px] of a picture made of dots, or None where it is broken."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            size = picture.size
            picture.verify() if picture.format == "PNG" else picture.load()
    except Exception:
        return None
    return size


def drawing_size(content: bytes) -> tuple[float, float] | None:
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
