"""Native charts of a deck: drawn from the data that rode along with a figure, so that they can be edited."""

from collections.abc import Mapping
from math import ceil, floor, log10

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE as KIND
from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from continuity_analysis.reports.deck_own_theme import INK, MUTED
from continuity_analysis.reports.deck_parts import Chart
from continuity_analysis.reports.deck_text import SMALLEST
from continuity_analysis.reports.deck_theme import Box

GRID = "E4E8EC"
MANY = 8  # groups of bars; of more the bars are thicker, so that their numbers stand clear of each other
_KINDS = {
    ("bar", False): KIND.BAR_CLUSTERED,
    ("bar", True): KIND.BAR_STACKED,
    ("column", False): KIND.COLUMN_CLUSTERED,
    ("column", True): KIND.COLUMN_STACKED,
}


def draw_chart(slide, chart: Chart, box: Box) -> None:
    """A chart as large as its box, with its words for those who cannot see it."""
    data = chart.data
    made = _lines(slide, data, box) if data["kind"] == "xy" else _bars(slide, data, box)
    made._element.nvGraphicFramePr.cNvPr.set("descr", chart.alt)
    native = made.chart
    native.font.size, native.font.color.rgb = Pt(SMALLEST), RGBColor.from_string(INK)
    native.has_title = False
    native.has_legend = len(data["series"]) > 1
    if native.has_legend:
        native.legend.position, native.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        native.legend.font.size = Pt(SMALLEST)


def _bars(slide, data: Mapping, box: Box):
    kind = _KINDS[data["kind"], data["stacked"]]
    content = CategoryChartData(number_format=data["number"])
    content.categories = data["categories"]
    for series in data["series"]:
        content.add_series(series["name"], series["values"])
    frame = slide.shapes.add_chart(kind, box.left, box.top, box.width, box.height, content)
    native, lying = frame.chart, data["kind"] == "bar"
    plot = native.plots[0]
    many = not data["stacked"] and len(data["categories"]) > MANY
    plot.gap_width, plot.overlap = 25 if many else 45, 100 if data["stacked"] else -5
    for made, series in zip(plot.series, data["series"], strict=True):
        _paint_bars(made, series)
    if data["labels"]:
        _label(plot, data)
    values, names = native.value_axis, native.category_axis
    _style(values, data["x" if lying else "y"], number="0%" if "%" in data["number"] else "General")
    values.format.line.fill.background()
    _style(names, data["y" if lying else "x"], number=None)
    every = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>')  # every name is told, however many there are
    names._element.find(qn("c:noMultiLvlLbl")).addprevious(every)
    names.reverse_order = bool(data["downwards"])
    if data["downwards"]:  # else the values would stand above the bars
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    values.minimum_scale = min(0.0, *(v for s in data["series"] for v in s["values"] if v is not None))
    if data["stacked"]:
        values.maximum_scale = data["x" if lying else "y"]["limits"][1] if data["number"] == "0%" else None
    return frame


def _paint_bars(made, series: Mapping) -> None:
    made.invert_if_negative = False
    made.format.fill.solid()
    made.format.fill.fore_color.rgb = _colour(series["colour"])
    for place, colour in enumerate(series["colours"] or ()):
        if colour and colour != series["colour"]:
            fill = made.points[place].format.fill
            fill.solid()
            fill.fore_color.rgb = _colour(colour)


def _label(plot, data: Mapping) -> None:
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, data["number"], False
    labels.font.size, labels.font.color.rgb = Pt(SMALLEST), RGBColor.from_string(INK)
    labels.position = XL_LABEL_POSITION.CENTER if data["stacked"] else XL_LABEL_POSITION.OUTSIDE_END


def _lines(slide, data: Mapping, box: Box):
    content = XyChartData(number_format=data["number"])
    for series in data["series"]:
        added = content.add_series(series["name"])
        for x, y in zip(series["x"], series["y"], strict=True):
            added.add_data_point(x, y)
    kind = KIND.XY_SCATTER_LINES_NO_MARKERS
    frame = slide.shapes.add_chart(kind, box.left, box.top, box.width, box.height, content)
    native = frame.chart
    for made, series in zip(native.plots[0].series, data["series"], strict=True):
        _paint_line(made, series)
    _style(native.value_axis, data["y"], number=data["number"], bounded=True)
    dates = "yyyy-mm-dd" if data.get("dates") else "General"
    _style(native.category_axis, data["x"], number=dates, bounded=True)
    return frame


def _paint_line(made, series: Mapping) -> None:
    made.smooth = False
    made.format.line.color.rgb = _colour(series["colour"])
    made.format.line.width = Pt(2.25)
    if series["dashed"]:
        made.format.line.dash_style = MSO_LINE.DASH
    if series["points"]:
        made.format.line.fill.background()
        made.marker.style, made.marker.size = XL_MARKER_STYLE.CIRCLE, 8
        made.marker.format.fill.solid()
        made.marker.format.fill.fore_color.rgb = _colour(series["colour"])
    else:
        made.marker.style = XL_MARKER_STYLE.NONE


def _style(axis, about: Mapping, *, number: str | None, bounded: bool = False) -> None:
    """Title, grid, size of text and, of a value axis, limits and the logarithm."""
    axis.tick_labels.font.size = Pt(SMALLEST)
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.color.rgb = RGBColor.from_string(MUTED)
    axis.has_minor_gridlines, axis.has_major_gridlines = False, number is not None
    if number is not None:
        axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(GRID)
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number, False
    if about["title"]:
        axis.has_title = True
        frame = axis.axis_title.text_frame
        frame.text = about["title"]
        font = frame.paragraphs[0].runs[0].font
        font.size, font.bold, font.color.rgb = Pt(SMALLEST), False, RGBColor.from_string(MUTED)
    if bounded:
        _bound(axis, about)


def _bound(axis, about: Mapping) -> None:
    low, high = about["limits"]
    if about["log"]:
        low, high = (10.0**power for power in _decades(low, high))
        scaling = axis._element.find(qn("c:scaling"))
        scaling.insert(0, parse_xml(f'<c:logBase {nsdecls("c")} val="10"/>'))
    axis.minimum_scale, axis.maximum_scale = low, high
    if not about["log"] and 0.9 < high < 1.1 and low <= 0:  # a share: round at its ends
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, 1, 0.2
    crosses = axis._element.find(qn("c:crosses"))
    if crosses is not None:  # the other axis stands at the lower end, also where that is not zero
        crosses.set("val", "min")


def _decades(low: float, high: float) -> tuple[int, int]:
    """The powers of ten around two positive numbers."""
    return floor(log10(low) + 1e-9), ceil(log10(high) - 1e-9)


def _colour(text: str) -> RGBColor:
    return RGBColor.from_string(text.removeprefix("#").upper())


def is_drawable(data: Mapping) -> bool:
    """Whether a chart has what it takes: something in it, and not more than can be told apart."""
    if data.get("kind") == "xy":
        return all(series["x"] for series in data["series"])
    return bool(data.get("categories")) and len(data["categories"]) <= 40
