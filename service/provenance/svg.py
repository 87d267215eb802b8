"""Draw a provenance graph as SVG 1.1: text as text, no script, nothing from elsewhere.

The same graph gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from service.provenance import columns, rows
from service.provenance.folding import folded
from service.provenance.graph import Graph
from service.provenance.heading import foot, head
from service.provenance.shapes import description, markup_of_ids, num
from service.provenance.styles import BOTH, SHEET
from service.provenance.table import sentence
from service.provenance.text import markup
from service.provenance.wording import words_below

_UNDRAWN = re.compile(r'<g class="merge"[^>]*><title>[^<]*</title></g>')
"""A merge that no bracket shows, as ``drawn_merge`` writes it."""


class Form(StrEnum):
    """The forms of a picture. ``auto`` has both others, and shows the one that fits the width of the window."""

    AUTO = "auto"
    COLUMNS = "columns"
    ROWS = "rows"

    @property
    def drawn(self) -> tuple[Form, ...]:
        """The forms that a picture of this form has."""
        return (Form.COLUMNS, Form.ROWS) if self is Form.AUTO else (self,)


Drawn = tuple[int, float, str]
"""The width, the height and the content of one form."""


def picture(graph: Graph, form: Form = Form.AUTO, known_at: str | None = None) -> str:
    """Return the picture of a graph, folded to 25 boxes at most; ``known_at`` is shown below it."""
    view = folded(graph)
    words = description(view, words_below(view), sentence(graph.result))
    data = (
        f' data-claim="{markup_of_ids(graph.claim.id)}" data-status="{graph.result.status}" '
        f'data-policy="{graph.result.policy.id}"'
    )
    forms = {each: _form(view, graph, each, known_at) for each in form.drawn}
    name = f"provenance-{markup_of_ids(graph.claim.id)}"
    return framed(forms, form, name, f"Provenance of: {markup(graph.claim.text)}", words, data)


def framed(forms: Mapping[Form, Drawn], form: Form, name: str, title: str, words: str, data: str) -> str:
    """Return a picture of one form, or of both with the rules that show the one that fits the window.

    ``name`` begins the ids in it; ``title`` and the description ``words`` are markup, ``data`` are more attributes.
    """
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="provenance" role="img" lang="en" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-desc"{data}'
    )
    about = f'<title id="{name}-title">{title}</title><desc id="{name}-desc">{words}</desc><style>{SHEET}</style>'
    if form is not Form.AUTO:
        wide, high, body = forms[form]
        size = f' width="{wide}" height="{num(high)}" viewBox="0 0 {wide} {num(high)}"'
        return f'{start}{size}>{about}{_paper()}<g class="{form}">{body}</g></svg>\n'
    inner = "".join(
        f'<svg class="{each}" width="100%" height="{num(high)}" viewBox="0 0 {wide} {num(high)}" '
        f'preserveAspectRatio="xMidYMin meet">{body}</svg>'
        for each, (wide, high, body) in forms.items()
    )
    size = f' width="100%" height="{num(max(high for _, high, _ in forms.values()))}"'
    return f"{start}{size}>{about}<style>{BOTH}</style>{_paper()}{inner}</svg>\n"


def figures(view: Graph) -> str:
    """Return the columns and the rows of a folded graph as two SVG elements of a page, without head and style sheet.

    The page has ``styles.page_sheet`` and shows the one that fits. Merges without a bracket are told in words alone.
    """
    words = description(view, words_below(view), sentence(view.result))
    drawn = {
        Form.COLUMNS: (columns.WIDTH, columns.LEFT, columns.columns_form(view)),
        Form.ROWS: (rows.WIDTH, rows.LEFT, rows.rows_form(view)),
    }
    return "".join(
        f'<svg class="provenance {form}" role="img" lang="en" aria-labelledby="{form}-title" '
        f'aria-describedby="{form}-desc" viewBox="{num(left - 2)} 0 {num(wide - 2 * left + 4)} {num(part.height)}">'
        f'<title id="{form}-title">Provenance of: {markup(view.claim.text)}</title>'
        f'<desc id="{form}-desc">{words}</desc>{_UNDRAWN.sub("", part.body)}</svg>'
        for form, (wide, left, part) in drawn.items()
    )


def _paper() -> str:
    return '<rect class="paper" width="100%" height="100%"/>'


def _form(view: Graph, whole: Graph, form: Form, known_at: str | None) -> Drawn:
    """Return the width, the height and the content of one form."""
    if form is Form.COLUMNS:
        wide, left, room, size, keys = columns.WIDTH, columns.LEFT, columns.ROOM, 22.0, 3
        middle = columns.columns_form(view)
    else:
        wide, left, room, size, keys = rows.WIDTH, rows.LEFT, rows.ROOM, 20.0, 1
        middle = rows.rows_form(view)
    above = head(view, left, room, size)
    below = foot(view, whole, left, room, known_at, keys)
    body = f'<g class="status-{view.result.status}">{above.body}</g>'
    body += f'<g transform="translate(0 {num(above.height + 12)})">{middle.body}</g>'
    body += f'<g transform="translate(0 {num(above.height + middle.height + 20)})">{below.body}</g>'
    return wide, round(above.height + middle.height + 20 + below.height, 1), body
