"""What a deck is drawn with: a presentation without slides and its layouts, found by the placeholders they hold."""

import copy
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.exc import PackageNotFoundError, PythonPptxError
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.slide import SlideLayout
from pptx.util import Inches

from continuity_analysis.errors import InputError
from continuity_analysis.reports.deck_text import INSET, SMALLEST, Ruler

EMU_PER_POINT = 12700
TITLES = (KIND.TITLE, KIND.CENTER_TITLE)
BODIES = (KIND.BODY, KIND.OBJECT)
SMALL_PRINT = (KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER)


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide [EMU]."""

    left: int
    top: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.top + self.height

    def meets(self, other: "Box") -> bool:
        """Whether the two have more than an edge in common."""
        beside = self.left + self.width <= other.left or other.left + other.width <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


@dataclass(frozen=True)
class Theme:
    """A presentation without slides, and which of its layouts serve for what."""

    deck: Deck
    title: SlideLayout
    content: SlideLayout
    title_only: SlideLayout

    @property
    def ruler(self) -> Ruler:
        """Measures text in the font of the theme."""
        theme = self.content.slide_master.part.part_related_by(RT.THEME).blob.decode("utf-8", "replace")
        named = re.search(r"minorFont>.*?latin typeface=\"([^\"]*)\"", theme, re.DOTALL)
        return Ruler(named.group(1) if named else "")

    def title_size(self, layout: SlideLayout) -> float:
        """Size [pt] that a layout gives to titles; 44, as PowerPoint, where neither it nor its master says."""
        own = [p.element for p in layout.placeholders if p.placeholder_format.type in TITLES]
        style = layout.slide_master.element.xpath("./p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr/@sz")
        said = [size for element in own for size in element.xpath(".//a:lstStyle/a:lvl1pPr/a:defRPr/@sz")] + style
        return int(said[0]) / 100 if said else 44.0

    def content_box(self, layout: SlideLayout) -> Box:
        """Where content may stand on slides of a layout: under the title, above the small print, inside the slide."""
        wide, high = self.deck.slide_width, self.deck.slide_height
        margin = wide // 20
        title = box_of(next(p for p in layout.placeholders if p.placeholder_format.type in TITLES))
        body = next((box_of(p) for p in self.content.placeholders if p.placeholder_format.type in BODIES), None)
        small = [box_of(p).top for p in layout.placeholders if p.placeholder_format.type in SMALL_PRINT]
        floor = min([high - high // 12, *(top for top in small if top > high * 0.7)])
        if body is None or body.height < high * 0.3 or body.width < wide * 0.4 or body.top > high * 0.5:
            body = Box(margin, title.bottom, wide - 2 * margin, floor - title.bottom)
        top = max(body.top, title.bottom) if title.bottom < high * 0.5 else body.top
        left = min(max(body.left, 0), wide // 3)
        right = min(body.left + body.width, wide - min(left, margin) // 2)
        return Box(left, top, right - left, min(body.bottom, floor) - top)


def points(length: int) -> float:
    """A length [EMU] in points."""
    return length / EMU_PER_POINT


def box_of(shape) -> Box:
    """Where a shape stands; a placeholder that does not say stands where its layout or master says."""
    return Box(*(int(value or 0) for value in (shape.left, shape.top, shape.width, shape.height)))


def read_template(path: str | Path) -> Theme:
    """A company's template: its layouts by the placeholders they hold, its own slides taken out.

    Raises
    ------
    InputError
        If it is no PowerPoint file, or none of its layouts has a place for a title.
    """
    try:
        deck = Presentation(io.BytesIO(Path(path).read_bytes()))
    except (OSError, KeyError, ValueError, PackageNotFoundError, PythonPptxError, zipfile.BadZipFile) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"Expected a PowerPoint template (.pptx), got {path}: {why}.") from error
    _remove_slides(deck)
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    titled = [layout for layout in layouts if _kinds(layout) & set(TITLES) and not _vertical(layout)]
    if not titled:
        raise InputError(f"Expected a layout with a title in the template {path}, found none among {len(layouts)}.")
    plain = [layout for layout in titled if not _kinds(layout) - set(TITLES) - set(SMALL_PRINT)]
    with_body = sorted((x for x in titled if _bodies(x) == 1), key=_body_area, reverse=True)
    opening = [x for x in titled if KIND.SUBTITLE in _kinds(x)]
    opening += [x for x in titled if KIND.CENTER_TITLE in _kinds(x)]
    content = (with_body or plain or titled)[0]
    title_only = (plain or with_body or titled)[0]
    return Theme(deck, (opening or plain or with_body or titled)[0], content, title_only)


def _kinds(layout: SlideLayout) -> set:
    return {placeholder.placeholder_format.type for placeholder in layout.placeholders}


def _bodies(layout: SlideLayout) -> int:
    """How many places for content a layout has; pictures and the like count double, to rule it out."""
    kinds = [p.placeholder_format.type for p in layout.placeholders]
    others = [kind for kind in kinds if kind not in (*TITLES, *BODIES, *SMALL_PRINT)]
    return sum(kind in BODIES for kind in kinds) + 2 * len(others)


def _body_area(layout: SlideLayout) -> int:
    body = next(box_of(p) for p in layout.placeholders if p.placeholder_format.type in BODIES)
    return body.width * body.height


def _vertical(layout: SlideLayout) -> bool:
    return any(p.element.ph.get("orient") == "vert" for p in layout.placeholders)


def _remove_slides(deck: Deck) -> None:
    """Take out a template's slides and what refers to them: sections and custom shows."""
    listed = deck.slides._sldIdLst
    for slide in list(listed):
        deck.part.drop_rel(slide.rId)
        listed.remove(slide)
    root = deck.part._element
    for element in root.findall(qn("p:custShowLst")):
        root.remove(element)
    for element in root.xpath("//*[local-name()='sectionLst']"):
        extension = element.getparent()
        extension.getparent().remove(extension)


def add_small_print(slide, footers: list[str], *, number: int, content: Box, ruler: Ruler) -> None:
    """Footer and slide number, where the layout has places for them outside the content; python-pptx omits them.

    Of the footers, the first that fits into one line is taken, else the last.
    """
    free = [holder for holder in slide.slide_layout.placeholders if not box_of(holder).meets(content)]
    there = {holder.placeholder_format.type: holder for holder in free}
    room = points(box_of(there[KIND.FOOTER]).width) - 2 * INSET if KIND.FOOTER in there else 0.0
    footer = next((text for text in footers if ruler.width(text, SMALLEST) <= room), footers[-1])
    texts = {KIND.FOOTER: footer, KIND.SLIDE_NUMBER: str(number)}
    for kind in (kind for kind in texts if kind in there):
        element = copy.deepcopy(there[kind].element)
        slide.shapes._spTree.append(element)
        _fill(element, texts[kind], field="slidenum" if kind == KIND.SLIDE_NUMBER else None)
    if KIND.SLIDE_NUMBER not in there:
        deck = slide.part.package.presentation_part.presentation
        wide, high = deck.slide_width, deck.slide_height
        box = slide.shapes.add_textbox(wide - Inches(1.1), high - Inches(0.45), Inches(0.9), Inches(0.35))
        _fill(box.element, str(number), field="slidenum")


def _fill(element, text: str, *, field: str | None) -> None:
    """One paragraph with a text, or with a field that PowerPoint keeps up to date."""
    body = element.txBody
    for paragraph in body.findall(qn("a:p")):
        body.remove(paragraph)
    words = f"<a:rPr lang='en-GB' sz='1200'/><a:t>{escape(text)}</a:t>"
    run = f"<a:r>{words}</a:r>"
    if field:
        run = f"<a:fld id='{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}' type='{field}'>{words}</a:fld>"
    body.append(parse_xml(f"<a:p {nsdecls('a')}>{run}</a:p>"))
