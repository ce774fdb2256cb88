"""All words of the replay page, English and Chinese, as data: the page's script asks for them by key."""

from __future__ import annotations

from simrescue.wording import bilingual, bilingual_as

OTHER_LANGUAGE = bilingual("English")[::-1]
"""What the switch says: the name of the language that is not shown, in that language."""

WORDS: dict[str, tuple[str, str]] = {
    "replay": bilingual("Replay"),
    "replication": bilingual("replication {number}"),
    "language": OTHER_LANGUAGE,
    "play": bilingual("Play"),
    "pause": bilingual("Pause"),
    "speed": bilingual("Speed"),
    "per_second": bilingual("{hours} of the event in a second"),
    "time": bilingual("Time"),
    "day": bilingual_as("date", "{day} {month}"),
    "when": bilingual_as("date and clock", "{day} {clock}"),
    "minutes": bilingual_as("replay", "{number} min"),
    "hours": bilingual_as("replay", "{number} h"),
    "map": bilingual("Map of roads, places and responders"),
    "curves": bilingual("Curves"),
    "show": bilingual("Show"),
    "legend": bilingual("Legend"),
    "moments": bilingual("Key moments"),
    "find": bilingual("Find a place or responder"),
    "nothing_found": bilingual("Nothing of that name."),
    "close": bilingual("Close"),
    "story": bilingual("What happened"),
    "no_story": bilingual("Nothing happened here."),
    "why": bilingual("Where the late hours went"),
    "person_h": bilingual("{hours} person-hours"),
    "now": bilingual("Now"),
    "keys": bilingual(
        "Space: play or pause · arrows: 15 min back or on, with Shift 1 h · Home, End · , and . slower, faster"
    ),
    "no_script": bilingual("This page needs a browser of 2023 or later with scripts allowed."),
    "note": bilingual(
        "Road vehicles take the shortest way by what command knew: the log stores legs, not "
        "roads. One course of events of many: it shows how, not how likely."
    ),
    # what the map can show besides the kinds of things
    "water": bilingual("water"),
    "fire": bilingual("fire"),
    "names": bilingual("names"),
    "cuts": bilingual("road, power, network lost"),
    "standing": bilingual("standing by"),
    # states of villages
    "quiet": bilingual("not affected"),
    "warned": bilingual("warned or ordered out"),
    "left": bilingual("people have left"),
    "waiting": bilingual("cut off or in water, waiting"),
    "trapped": bilingual("people trapped"),
    "relieved": bilingual("cut off, relieved"),
    "flames": bilingual("flames in it"),
    "silent": bilingual("no word, though it is expected"),
    # whose picture
    "view": bilingual_as("replay", "Shown"),
    "view_true": bilingual_as("replay", "as it is"),
    "view_command": bilingual_as("replay", "as command knows it"),
    "view_township": bilingual_as("replay", "as the townships know it"),
    "word": bilingual("last word {when}"),
    "no_word": bilingual("no word yet"),
    "view_note": bilingual(
        "Villages by their last word, roads that command knows to be closed; counters and curves are as it is."
    ),
    # fire
    "burning": bilingual("burning"),
    "crowns": bilingual("crowns burning"),
    "spot": bilingual("lit by an ember"),
    "burned": bilingual("burned"),
    "line open": bilingual("fire line under construction (larger square: wider)"),
    "line": bilingual("fire line that holds"),
    "line mopped": bilingual("fire line mopped up"),
    "line lost": bilingual("fire line that burned"),
    "safety zone": bilingual("safety zone that a crew makes for"),
    "dip": bilingual("water taken by aircraft"),
    "fled": bilingual("crew left in danger"),
    "cut off": bilingual("crew cut off"),
    "entrapped": bilingual("crew entrapped"),
    "overrun": bilingual("crew overrun"),
    "wetted": bilingual("wetted from the air"),
    "smoke": bilingual("thick smoke"),
    # counters
    "affected": bilingual("affected so far"),
    "share": bilingual("relieved of those owed relief"),
    "trapped_now": bilingual("trapped now"),
    "rescued": bilingual("rescued"),
    "dead": bilingual("deaths"),
    "sheltered": bilingual("in shelters"),
    "lodged": bilingual("with relatives or in hotels"),
    "moving": bilingual("under way"),
    "caught": bilingual("caught on the road"),
    "busy": bilingual("responders at work"),
    "area": bilingual("burned, ha"),
    "line_km": bilingual("line built, km"),
    "crews": bilingual("crews on the line"),
    "drops": bilingual("drops of water"),
    "home": bilingual("at home"),
    "stranded": bilingual("stranded"),
    "aboard": bilingual("aboard"),
    "persons": bilingual("people"),
    "depth": bilingual_as("replay", "water"),
    "inside": bilingual("people inside"),
    "stock": bilingual("stock left"),
    "idle": bilingual_as("replay", "standing by"),
}
"""Key -> English and Chinese; placeholders are filled in by the page."""
