"""A report as a Word file: the same pages element by element: headings, tables, and charts as pictures.

What is folded in the page is left out: Word cannot fold. Needs python-docx (the extra `word`).
"""

from __future__ import annotations

from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any

from simrescue.errors import ResultsError
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping

LEFT_OUT = ("details", "nav", "svg", "header", "script", "style")
"""Elements that a Word file does without."""
LEFT_OUT_CLASSES = {"behind", "bars", "legend"}
"""Classes of elements that it does without: what is folded, bars, and what explains their colours."""
BLOCKS = ("p", "li", "caption")
FONT, CHINESE_FONT = "Arial", "Microsoft YaHei"
PICTURE_CM, MARGIN_CM = 15.5, 1.6
_VOID = ("img", "br", "col", "meta", "hr")


def word_file(article: str, charts: Mapping[str, bytes]) -> bytes:
    """The body of a page as a Word file.

    Args:
        article: HTML of the body, in one language.
        charts: name of a chart -> its picture as PNG; charts that are not there are left out.

    Raises:
        ResultsError: where python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        raise ResultsError(
            bilingual("--docx needs python-docx: pip install 'simrescue[word]' (or pip install python-docx)")
        ) from None
    document = docx.Document()
    _look(document)
    _Writer(document, charts).feed(article)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _look(document: Any) -> None:
    """A4, narrow margins, a font that has Chinese."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN_CM)
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE_FONT)
    document.styles["Normal"].font.size = Pt(9.5)
    document.styles["Normal"].paragraph_format.space_after = Pt(3)


class _Table:
    """Rows of a table while they are read: texts, and cells that reach over several rows."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], str] = {}
        self.reach: list[tuple[int, int, int, int]] = []
        self.row = -1
        self.heads = 0

    def begin(self, attributes: Mapping[str, str]) -> tuple[int, int]:
        """Where the next cell stands."""
        column = 0
        while (self.row, column) in self.cells:
            column += 1
        rows, columns = int(attributes.get("rowspan", 1)), int(attributes.get("colspan", 1))
        for down in range(rows):
            for right in range(columns):
                self.cells[self.row + down, column + right] = ""
        if rows * columns > 1:
            self.reach.append((self.row, column, self.row + rows - 1, column + columns - 1))
        return self.row, column


class _Writer(HTMLParser):
    """Writes elements into a document as they come."""

    def __init__(self, document: Any, charts: Mapping[str, bytes]) -> None:
        super().__init__()
        self.document, self.charts = document, charts
        self.skipped = 0
        self.text: list[str] | None = None
        self.table: _Table | None = None
        self.cell: tuple[int, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what an element stands for."""
        attributes = {name: value or "" for name, value in attrs}
        if self.skipped or tag in LEFT_OUT or LEFT_OUT_CLASSES.intersection(attributes.get("class", "").split()):
            self.skipped += tag not in _VOID
            return
        if tag == "section" and "page" in attributes.get("class", "").split():
            self.document.add_page_break()
        elif tag == "figure":
            self._picture(attributes.get("id", ""))
        elif tag == "table":
            self.table = _Table()
        elif self.table and tag in ("tr", "td", "th"):
            self._in_table(self.table, tag, attributes)
        elif tag in (*BLOCKS, "h1", "h2", "h3") and self.cell is None:
            self.text = []
        elif tag == "br" or (tag == "li" and self.text) or attributes.get("class") == "note":
            self.handle_data("\n")  # lines of one block
        elif attributes.get("class") == "figure":
            self.handle_data("\u2003")

    def _in_table(self, table: _Table, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "tr":
            table.row += 1
            return
        self.cell, self.text = table.begin(attributes), []
        table.heads += attributes.get("scope") == "col" and table.row == 0

    def handle_data(self, data: str) -> None:
        """Text inside a block; line ends of the source are spaces."""
        if not self.skipped and self.text is not None:
            self.text.append(data if data == "\n" else data.replace("\n", " "))

    def handle_endtag(self, tag: str) -> None:
        """End it, and write it."""
        if self.skipped:
            self.skipped -= 1
        elif tag in ("td", "th") and self.table and self.cell is not None:
            self.table.cells[self.cell], self.cell, self.text = self._words(), None, None
        elif tag == "table" and self.table:
            self._write_table(self.table)
            self.table = None
        elif self.cell is None and tag in (*BLOCKS, "h1", "h2", "h3"):
            self._write_block(tag)

    def _words(self) -> str:
        lines = "".join(self.text or ()).split("\n")
        return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)

    def _write_block(self, tag: str) -> None:
        words = self._words()
        self.text = None
        if words and tag.startswith("h"):
            self.document.add_heading(words, int(tag[1]))
        elif words:
            style = {"li": "List Bullet", "caption": "Heading 3"}.get(tag)
            self.document.add_paragraph(words, style=style)

    def _write_table(self, table: _Table) -> None:
        from docx.shared import Pt

        if not table.cells:
            return
        rows, columns = (max(at[axis] for at in table.cells) + 1 for axis in (0, 1))
        made = self.document.add_table(rows, columns, style="Table Grid")
        for first_row, first, last_row, last in table.reach:
            made.cell(first_row, first).merge(made.cell(last_row, last))
        for (row, column), words in table.cells.items():
            if words:
                run = made.cell(row, column).paragraphs[0].add_run(words)
                run.font.size, run.bold = Pt(8), row == 0 and table.heads > 0
        self.document.add_paragraph()

    def _picture(self, name: str) -> None:
        from docx.shared import Cm

        content = self.charts.get(name.partition("-")[2])
        if content:
            self.document.add_picture(BytesIO(content), width=Cm(PICTURE_CM))
