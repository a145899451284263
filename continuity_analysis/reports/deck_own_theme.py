"""Our own look for a deck: white, one accent colour, 16:9, three layouts."""

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.slide import SlideLayout
from pptx.util import Emu, Inches, Pt

from continuity_analysis.reports.deck_theme import SMALL_PRINT, Box, Theme

INK, MUTED, ACCENT, PAPER = "1F2933", "52606D", "0072B2", "FFFFFF"
FONT = "Arial"  # there, or replaced by one of the same widths, wherever slides are shown


def own_theme() -> Theme:
    """Our own look: white, one accent, 16:9."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    kept = {"Title Slide", "Title and Content", "Title Only"}
    for layout in [layout for layout in deck.slide_layouts if layout.name not in kept]:
        deck.slide_layouts.remove(layout)
    _set_colours_and_font(deck)
    _style_master(deck)
    title, content, title_only = deck.slide_layouts
    _style_title_layout(title)
    return Theme(deck, title, content, title_only)


def _set_colours_and_font(deck: Deck) -> None:
    """Our palette and font in the theme, so that what an editor adds later looks alike."""
    part = deck.slide_master.part.part_related_by(RT.THEME)
    colours = {"dk1": INK, "lt1": PAPER, "dk2": MUTED, "lt2": "F5F7F9", "accent1": ACCENT, "accent2": "D55E00"}
    colours |= {"accent3": "009E73", "accent4": "E69F00", "accent5": "56B4E9", "accent6": "CC79A7", "hlink": "005B8F"}
    theme = etree.fromstring(part.blob)
    names = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    for name, value in colours.items():
        slot = theme.find(f".//a:clrScheme/a:{name}", names)
        slot.clear()
        etree.SubElement(slot, f"{{{names['a']}}}srgbClr", val=value)
    for latin in theme.iterfind(".//a:fontScheme//a:latin", names):
        latin.set("typeface", FONT)
    part.blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _style_master(deck: Deck) -> None:
    """Places and sizes for 16:9: title at the top left, content under it, small print at the foot."""
    master = deck.slide_master
    places = {
        KIND.TITLE: (0.6, 0.25, 12.13, 1.05),
        KIND.BODY: (0.6, 1.6, 12.13, 5.1),
        KIND.FOOTER: (0.6, 6.95, 9.0, 0.35),
        KIND.SLIDE_NUMBER: (11.73, 6.95, 1.0, 0.35),
        KIND.DATE: (9.7, 6.95, 2.0, 0.35),
    }
    for holder in [*master.placeholders, *(p for layout in deck.slide_layouts for p in layout.placeholders)]:
        if holder.placeholder_format.type in places:
            _place(holder, *places[holder.placeholder_format.type])
        elif holder.placeholder_format.type == KIND.OBJECT:
            _place(holder, *places[KIND.BODY])
    styles = master.element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    title.find(qn("a:defRPr")).set("sz", "2800")
    title.find(qn("a:defRPr")).set("b", "1")
    for level, size in enumerate((2000, 1800, 1600, 1600, 1600), start=1):
        paragraph = styles.find(qn("p:bodyStyle")).find(qn(f"a:lvl{level}pPr"))
        paragraph.set("marL", str(Pt(22 * level)))
        paragraph.set("indent", str(-Pt(16)))
        paragraph.find(qn("a:defRPr")).set("sz", str(size))
    for body in master.element.iter(qn("a:bodyPr")):
        body.set("anchor", "b" if body is master.placeholders[0].element.txBody.bodyPr else "t")
    _set_small_print(master)
    _add_bar(master.shapes._spTree, Box(Inches(0.6) + Emu(91440), Inches(1.36), Inches(0.85), Inches(0.045)))


def _set_small_print(master) -> None:
    for holder in master.placeholders:
        style = holder.element.find(f".//{qn('a:lvl1pPr')}")
        if holder.placeholder_format.type in SMALL_PRINT and style is not None:
            style.set("algn", "l" if holder.placeholder_format.type == KIND.FOOTER else "r")


def _style_title_layout(layout: SlideLayout) -> None:
    """The first slide: the title large, the bar under it, the facts below."""
    layout.element.set("showMasterSp", "0")
    for holder in layout.placeholders:
        kind = holder.placeholder_format.type
        if kind == KIND.CENTER_TITLE:
            _place(holder, 0.9, 1.7, 11.5, 1.7)
            style = parse_xml(f'<a:lvl1pPr {nsdecls("a")} algn="l"><a:defRPr sz="4000" b="1"/></a:lvl1pPr>')
            _set_style(holder, style, anchor="b")
        elif kind == KIND.SUBTITLE:
            _place(holder, 0.9, 3.85, 11.5, 2.2)
            colour = '<a:solidFill><a:schemeClr val="tx2"/></a:solidFill>'
            style = f'<a:lvl1pPr {nsdecls("a")} marL="0" indent="0" algn="l"><a:buNone/><a:defRPr sz="2000">{colour}'
            _set_style(holder, parse_xml(f"{style}</a:defRPr></a:lvl1pPr>"), anchor="t")
    _add_bar(layout.shapes._spTree, Box(Inches(0.9) + Emu(91440), Inches(3.58), Inches(1.3), Inches(0.06)))


def _set_style(holder, style, *, anchor: str) -> None:
    holder.element.txBody.bodyPr.set("anchor", anchor)
    listed = holder.element.txBody.find(qn("a:lstStyle"))
    for old in list(listed):
        listed.remove(old)
    listed.append(style)


def _place(shape, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = (Inches(value) for value in (left, top, width, height))


def _add_bar(tree, box: Box) -> None:
    """A bar in the accent colour, behind everything else."""
    tree.append(
        parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="900" name="Accent"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
            f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="{box.left}" y="{box.top}"/>'
            f'<a:ext cx="{box.width}" cy="{box.height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
        )
    )
