"""What is drawn on a slide: titles, bullets, pictures and native tables, as text that can be edited."""

import io

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from continuity_analysis.figures.display_tables import verdict_key
from continuity_analysis.reports.deck_own_theme import INK, PAPER
from continuity_analysis.reports.deck_parts import Figure, Paragraph, Run
from continuity_analysis.reports.deck_sheets import CAPTION, Sheet
from continuity_analysis.reports.deck_text import AFTER, INSET, LINE, Ruler
from continuity_analysis.reports.deck_theme import Box, box_of, points

HEADER, RULE = "EEF2F5", "D5DBE1"
VERDICT_COLOURS = {
    "MET": ("D7F0E6", "00513A"),
    "BREACHED": ("FBE0D2", "862D00"),
    "AT_RISK": ("FCECC8", "654300"),
    "INSUFFICIENT": ("E4E8EC", "3E4C59"),
}
"""Fill and text of a verdict, as on the pages."""
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's "No Style, No Grid"


def draw_title(slide, text: str, *, sizes: tuple[float, ...], ruler: Ruler) -> None:
    """Fill the title at the largest of some sizes [pt] at which it fits, else at the last."""
    holder = slide.shapes.title
    box = box_of(holder)
    frame = holder.text_frame
    frame.text, frame.word_wrap, frame.auto_size = text, True, MSO_AUTO_SIZE.NONE
    room, tall = points(box.width) - 2 * INSET, points(box.height) - INSET
    fitting = (s for s in sizes if ruler.count_lines(text, s, within=room, bold=True) * s * LINE <= tall)
    frame.paragraphs[0].runs[0].font.size = Pt(next(fitting, sizes[-1]))


def draw_text(shape, paragraphs: list[Paragraph], size: float, *, bullets: bool = True) -> None:
    """Fill a placeholder or text box with paragraphs, at one size."""
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    for number, paragraph in enumerate(paragraphs):
        line = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        line.level = paragraph.level
        line.space_before, line.space_after = Pt(0), Pt(size * AFTER)
        if paragraph.heading or not bullets:
            properties = line._p.get_or_add_pPr()
            properties.set("marL", "0")
            properties.set("indent", "0")
            properties.append(parse_xml(f"<a:buNone {nsdecls('a')}/>"))
        for run in paragraph.runs:
            _add_run(line, run, size, heading=paragraph.heading)


def _add_run(line, run: Run, size: float, *, heading: bool) -> None:
    made = line.add_run()
    made.text = run.text
    made.font.size = Pt(size)
    made.font.bold = True if run.bold or heading else None
    made.font.italic = True if run.italic else None


def draw_figure(slide, figure: Figure, box: Box) -> None:
    """The whole picture, as large as the box allows, in its middle."""
    picture = slide.shapes.add_picture(io.BytesIO(figure.picture), box.left, box.top)
    scale = min(box.width / picture.width, box.height / picture.height)
    picture.width, picture.height = Emu(int(picture.width * scale)), Emu(int(picture.height * scale))
    picture.left = Emu(box.left + (box.width - picture.width) // 2)
    picture._element.nvPicPr.cNvPr.set("descr", figure.alt)


def draw_table(slide, sheet: Sheet, box: Box) -> None:
    """A native table at the top left of a box, its caption above it."""
    table, top = sheet.table, box.top
    if table.caption:
        line = slide.shapes.add_textbox(box.left - Pt(INSET - sheet.side), top, box.width, Pt(CAPTION))
        draw_text(line, [Paragraph((Run(table.caption),), heading=True)], sheet.size, bullets=False)
        top += Pt(CAPTION)
    size = int(Pt(sum(sheet.widths))), int(Pt(sum(sheet.heights)))
    frame = slide.shapes.add_table(len(table.rows) + 1, len(table.columns), box.left, top, *size)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", table.caption or "Table")
    made = frame.table
    made._tbl.tblPr.find(qn("a:tableStyleId")).text = _NO_STYLE
    made.horz_banding = False
    for column, width in zip(made.columns, sheet.widths, strict=True):
        column.width = int(Pt(width))
    for row, height in zip(made.rows, sheet.heights, strict=True):
        row.height = int(Pt(height))
    for number, texts in enumerate([table.columns, *table.rows]):
        for place, text in enumerate(texts):
            _fill_cell(made.cell(number, place), text, sheet, header=number == 0, place=place)


def _fill_cell(cell, text: str, sheet: Sheet, *, header: bool, place: int) -> None:
    cell.margin_left = cell.margin_right = int(Pt(sheet.side))
    cell.margin_top = cell.margin_bottom = int(Pt(sheet.edge))
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if header else MSO_ANCHOR.TOP
    key = verdict_key(text) if place in sheet.table.verdict_columns and not header else None
    fill, ink = VERDICT_COLOURS.get(key, (HEADER if header else PAPER, INK))
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(fill)
    line = cell.text_frame.paragraphs[0]
    line.alignment = PP_ALIGN.RIGHT if sheet.table.numeric[place] else PP_ALIGN.LEFT
    if text:
        run = line.add_run()
        run.text = text
        run.font.size = Pt(sheet.size)
        run.font.bold = header or place in sheet.table.bold_columns
        run.font.color.rgb = RGBColor.from_string(ink)
    line._p.append(parse_xml(f'<a:endParaRPr {nsdecls("a")} sz="{int(sheet.size * 100)}"/>'))  # height of empty cells
    colour = INK if header else RULE
    rule = f'<a:lnB {nsdecls("a")} w="9525"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:lnB>'
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(rule))
