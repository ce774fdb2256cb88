"""Whether posts form a chain of command: one at which command sits, nobody above himself, each place served once."""

from __future__ import annotations

from collections.abc import Iterator

from simrescue.communication.posts import StaffedPost, ways_up
from simrescue.errors import Fault, nearest
from simrescue.kinds import tables
from simrescue.scenario.files.draft import Draft
from simrescue.scenario.files.tables import TableRow
from simrescue.scenario.validation.fire_references import Checked
from simrescue.wording import bilingual


def faults(draft: Draft, checked: Checked) -> Iterator[Fault]:
    """What does not fit in posts.csv, and posts of partners.csv that are not on the way up.

    Args:
        draft: as read from the folder, with overrides applied; rows that could not be read still lend their ids.
        checked: rows that read well, by table.
    """
    rows: list[tuple[TableRow, StaffedPost]] = checked["posts"]
    whole = draft.tables["posts"].whole and len(rows) == len(draft.tables["posts"].rows)
    names = [str(row.cells.get("id", "")) for row in draft.tables["posts"].rows]
    ways = ways_up(post for _, post in rows)
    for row, post in rows:
        if post.upper and draft.tables["posts"].whole and post.upper not in names:
            yield Fault(*row.spot("upper"), post.upper, bilingual("a known post"), nearest(post.upper, names))
        elif any(above.upper == post.id for above in ways[post.id]):
            expected = bilingual("a post that is not below this one")
            yield Fault(*row.spot("upper"), post.upper, expected)
    yield from _served(draft, rows)
    yield from _seated(draft, rows)
    seats = [(row, post) for row, post in rows if post.command]
    if whole and rows and not seats:
        yield Fault(*rows[0][0].spot("command"), None, bilingual("one post at which command sits: yes"))
    for row, _ in seats[1:]:
        expected = bilingual("an empty cell: command sits at {post} already", post=seats[0][1].id)
        yield Fault(*row.spot("command"), str(row.cells.get("command")), expected)
    if whole:
        way = [post.id for post in ways[seats[0][1].id]] if seats else []
        for row, partner in checked["partners"]:
            if partner.registered_by and partner.registered_by not in names:
                expected = bilingual("a known post")
                yield Fault(*row.spot("registered_by"), partner.registered_by, expected)
            if partner.asked_through and partner.asked_through not in way:
                expected = bilingual("the post of command or one above it ({known})", known=", ".join(way) or "-")
                yield Fault(*row.spot("asked_through"), partner.asked_through, expected)


def _seated(draft: Draft, rows: list[tuple[TableRow, StaffedPost]]) -> Iterator[Fault]:
    """Buildings in which posts sit that are no places."""
    of = tables("place")
    known = sorted(str(row.cells.get("id", "")) for name in of for row in draft.tables[name].rows)
    for row, post in rows:
        if post.place and post.place not in known and all(draft.tables[table].whole for table in of):
            yield Fault(*row.spot("place"), post.place, bilingual("a known place"), nearest(post.place, known))


def _served(draft: Draft, rows: list[tuple[TableRow, StaffedPost]]) -> Iterator[Fault]:
    """Places and townships that are not there, or that several posts serve."""
    of = tables("place")
    places = [row for name in of for row in draft.tables[name].rows]
    known = {str(row.cells.get(column, "")) for row in places for column in ("id", "township")} - {""}
    served = dict[str, str]()
    for row, post in rows:
        for name in post.serves:
            if name not in known and all(draft.tables[table].whole for table in of):
                expected = bilingual("a known place or township")
                yield Fault(*row.spot("serves"), name, expected, nearest(name, sorted(known)))
            if name in served:
                expected = bilingual("a place that one post serves; {other} serves it too", other=served[name])
                yield Fault(*row.spot("serves"), name, expected)
            served.setdefault(name, post.id)
