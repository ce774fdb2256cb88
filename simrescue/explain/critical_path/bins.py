"""What a person, a request or a fire can be waiting for: the named bins that every minute of a delay is put in.

Numbers of bins are their places in `BINS`; each kind of responders has one of its own.
Colours are for pictures: told apart by the colour-blind, and in print.
"""

from __future__ import annotations

from typing import NamedTuple

from simrescue.communication.channels import CHANNEL_KINDS
from simrescue.communication.posts import POST_LEVELS
from simrescue.kinds import Derived, of_role
from simrescue.records import Kind
from simrescue.wording import bilingual, bilingual_as


class Bin(NamedTuple):
    """One reason why time passes."""

    key: str
    name: str
    name_zh: str
    colour: str
    """As #rrggbb."""
    means: str
    """What counts, in one line."""


_REQUESTED = (
    Bin("hazard", *bilingual("hazard not yet here, or not yet so bad"), "#9ecae1",
        "before the water or the fire is there, or before it traps those who are there"),
    Bin("found", *bilingual("fire not yet found"), "#6baed6", "from its beginning until somebody sees it"),
    Bin("warning", *bilingual("warning"), "#3182bd", "until the forecast, and from order or call-out to the word"),
    Bin("leaving", *bilingual("getting ready to leave"), "#08519c", "from the warning until people set out"),
    Bin("refused", *bilingual("would not leave"), "#08306b", "people who had the warning and stayed"),
    Bin("report", *bilingual("report to command"), "#c7e9c0",
        "from what happened until command knows: lost contact, people counted, the word on its way"),
    Bin("runner", *bilingual("on foot, for want of a channel"), "#a1d99b",
        "no channel stood: until somebody set out with the word, and his way"),
    Bin("power", *bilingual("waiting for power"), "#41ab5d",
        "a place was silent until power was back"),
    Bin("network", *bilingual("waiting for the network"), "#238b45",
        "a place was silent until a base station worked again"),
    Bin("decision", *bilingual("waiting for decision"), "#74c476", "command knows and has not decided yet"),
    Bin("not_due", *bilingual("response level not yet due"), "#fec44f",
        "who went waits for a response level of which no rule was met yet"),
    Bin("declaring", *bilingual("response level due, not declared"), "#ec7014",
        "a rule of the response level that sets free who went was met, and the level not declared: consultation, "
        "signature, approval"),
    Bin("aid_unasked", *bilingual("aid not yet asked for"), "#fde0dd",
        "who went is a partner's, and had not been asked for"),
    Bin("granting", *bilingual("aid asked for, not yet granted"), "#f768a1", "the partner had not answered yet"),
    Bin("aid_coming", *bilingual("aid gathering and on its way"), "#ae017e",
        "granted: gathering, on the road, registered and handed over"),
)  # fmt: skip
"""From the hazard to the decision."""

LEVEL_WORDS = {
    "village": bilingual_as("post", "village"), "township": bilingual_as("post", "township"),
    "scene": bilingual_as("post", "on scene"), "county": bilingual_as("post", "county"),
    "city": bilingual_as("post", "city"), "province": bilingual_as("post", "province"),
    "national": bilingual_as("post", "national"),
}  # fmt: skip
"""Level of a post -> what it is called."""
_CHANNEL_COLOURS = ("#e5f5e0", "#ccebc5", "#a8ddb5", "#7bccc4", "#4eb3d3")
_CARRIED = tuple(
    Bin(f"by_{kind.name}", *bilingual("word by {channel}", channel=kind.words), colour,
        "from what happened until it was told by this channel: noticed, counted, put through")
    for kind, colour in zip((kind for kind in CHANNEL_KINDS if kind.both_ways), _CHANNEL_COLOURS, strict=True)
)  # fmt: skip
"""On its way by each channel by which officers and command talk, where messages are told in the log."""
_COLOURS = ("#c6dbef", "#9ebcda", "#8c96c6", "#8c6bb1", "#88419d", "#810f7c", "#4d004b")
_PASSED = (
    *(
        Bin(
            f"queue_{level}",
            *bilingual("queue at a post: {level}", level=LEVEL_WORDS[level]),
            colour,
            "messages that waited until a post of this level took them up",
        )
        for level, colour in zip(POST_LEVELS, _COLOURS, strict=True)
    ),
    Bin("post_work", *bilingual("posts at work"), "#bfd3e6", "a post took a message, checked it, passed it on"),
)
"""In the hands of posts."""

_SENT = (
    Bin("ordering", *bilingual("order not yet with the crew"), "#f16913",
        "an order that waited for a channel, or that somebody walked with"),
    Bin("turnout", *bilingual("turnout"), "#a63603", "from the order to leaving the base"),
    Bin("travel", *bilingual("travel"), "#bcbddc", "by road, water or air, on foot to a shelter"),
    Bin("traffic", *bilingual("in traffic"), "#9e9ac8", "hours lost on the way to other vehicles on the same roads"),
    Bin("closed", *bilingual("road closed and detour"), "#756bb1",
        "after turning round at a closed road, standing without a way, or nobody sent because no way was known"),
    Bin("held", *bilingual("night, weather, smoke or a full sky"), "#54278f",
        "aircraft that could not fly, drop or come near"),
    Bin("rest", *bilingual("refuelling, rest or repair"), "#fbb4d9", "while under way or before setting out"),
    Bin("loading", *bilingual("loading or dock queue"), "#c51b8a", "at a depot: staff, queue at the dock, load"),
    Bin("stock", *bilingual("stock missing"), "#7a0177", "no depot had the goods"),
    Bin("unloading", *bilingual("unloading"), "#d9d9d9", "at the place, until the goods are handed over"),
    Bin("walking", *bilingual("walking to the line"), "#969696", "crews of a fire on foot between road and line"),
    Bin("water", *bilingual("waiting for water"), "#41b6c4",
        "all crews on the line stand before flames that take more water than their pumps bring"),
    Bin("stood_down", *bilingual("standing down by a rule"), "#bdbdbd",
        "crews of a fire that a rule of work (`hazard.rules`) kept from the line"),
    Bin("working", *bilingual("working"), "#636363",
        "launching, boarding, treating, fighting; the work that the clock waits for is under way"),
    Bin("never", *bilingual("never served"), "#252525", "nobody had asked for it, or nobody could any more"),
)  # fmt: skip
"""From the order to the hand-over."""


def free_bin(kind: str) -> str:
    """Key of the bin of waiting for a free responder of a kind (its name); `BINS` has it for every registered one."""
    return f"free_{kind}"


def _free(kind: Kind) -> Bin:
    name, name_zh = bilingual("waiting for a free {one}", one=(kind.noun.one, kind.noun.zh))
    colour = kind.waiting_colour or kind.colour
    return Bin(free_bin(kind.name), name, name_zh, colour, "who went was busy or not yet released")


# Derived, not made at import: a kind of responders that is registered later has its bin too.
class _Bins(dict[str, Bin]):
    def __missing__(self, key: str) -> Bin:
        # Stored runs keep the bin of a kind of responders that this program does not know any more.
        return Bin(key, key, key, "#bdbdbd", key)


BINS = Derived(
    lambda: _Bins(
        (bin_.key, bin_) for bin_ in (*_REQUESTED, *_CARRIED, *_PASSED, *map(_free, of_role("responder")), *_SENT)
    )
)
"""Key -> bin, all in the order in which they are shown: from the hazard to the hand-over; others are called by key."""

BIN_NUMBER = Derived(lambda: {key: number for number, key in enumerate(BINS)})
"""Key of a bin -> its number."""

BUSY, UNABLE, NOT_RELEASED = 1, 2, 3
NOTES = ("", "busy", "unable", "not_released")
"""Why somebody had to be waited for: all busy; some idle but none able (no way, range, skill); not yet there."""
NOTE_WORDS = (
    ("", ""),
    bilingual("busy"),
    bilingual("idle, not able to go"),
    bilingual("not yet set free or there"),
)
"""The notes in English and Chinese."""


def channel_bin(number: int) -> int:
    """Number of the bin of word by a channel, by its number in `communication.channels.CHANNEL_KINDS`."""
    kind = CHANNEL_KINDS[number]
    key = f"by_{kind.name}" if kind.both_ways else kind.name
    return BIN_NUMBER.get(key, BIN_NUMBER["report"])


def queue_bin(level: int) -> int:
    """Number of the bin of the queue of a post, by the place of its level in `communication.posts.POST_LEVELS`."""
    return BIN_NUMBER[f"queue_{POST_LEVELS[level]}"]
