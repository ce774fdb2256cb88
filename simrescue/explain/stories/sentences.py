"""What stories say: for each kind of event a sentence in English and in Chinese, and one for many alike.

In braces: `who` (the subject), `where` (the place), `people`, `amount`, `item`; in a sentence for many also `count`,
`those` (who they were, counted by kind), `items` (all that were named) and `last` (the amount of the last).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from simrescue.communication.channels import CHANNEL_KINDS, OUTAGE_WORDS
from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.mortality import CURVE_NAMES, CURVE_WORDS
from simrescue.places import NEED_WORDS, OFFICERS
from simrescue.responders import RECONNAISSANCE, REPAIR, TASK_WORDS, WATER_DROP
from simrescue.wording import Words, bilingual, bilingual_as

STATE_WORDS: tuple[Words, ...] = (
    bilingual("at home"), bilingual("on the road"), bilingual("in shelters"), bilingual_as("sentences", "stranded"),
    bilingual_as("sentences", "trapped"), bilingual("aboard, or waiting at the water's edge"), bilingual("dead"),
    bilingual("with relatives, friends or in a hotel"), bilingual("caught on the road"),
)  # fmt: skip
FIRE_STATE_WORDS: tuple[Words, ...] = (
    bilingual("burning"), bilingual("contained"), bilingual("controlled"), bilingual("out"), bilingual("off the map"),
)  # fmt: skip

ITEM_WORDS: dict[str, Sequence[Words]] = {
    "notice": (bilingual("the forecast"), bilingual("a short-term warning")),
    "need": NEED_WORDS,
    "task": TASK_WORDS,
    "state": STATE_WORDS,
    "fire": FIRE_STATE_WORDS,
    "held": (bilingual("darkness"), bilingual("weather"), bilingual("the crew's hours")),
    "level": (Words("", ""), bilingual("I"), bilingual("II"), bilingual("III"), bilingual("IV"), bilingual("none")),
    "people": (bilingual_as("sentences", "trapped"), bilingual_as("sentences", "stranded"), bilingual("waiting")),
    "means": (
        bilingual("a satellite"), bilingual("a lookout"), bilingual("a camera"), bilingual("a patrol"),
        bilingual("a drone"), bilingual("residents"),
    ),
    "crown": (bilingual("some crowns"), bilingual("all crowns")),
    "by": (bilingual("flames"), bilingual("thick smoke")),
    "why": (
        bilingual("danger"), bilingual("end of the shift"), bilingual("no longer needed"),
        bilingual("nothing left that it could do"), bilingual("relieved"), bilingual("a rule"),
        bilingual("danger once the wind turns as forecast"),
    ),
    "dry": (
        bilingual("none within the reach of its hose"), bilingual("its pumps do not bring it up there"),
        bilingual("source or tanks are empty"),
    ),
    "method": (bilingual("directly"), bilingual("in parallel"), bilingual("from afar"), bilingual("with water")),
    "tactic": (
        bilingual("begin where the line ties in"), bilingual("begin at the rear"), bilingual("begin on a flank"),
        bilingual("begin at the head"), bilingual("build line close in front"), bilingual("build line far in front"),
        bilingual("hold a line"), bilingual("keep the flames from a place"),
    ),
    "refusal": (
        bilingual("flames too long"), bilingual("no time for a line"), bilingual("nothing left to do there"),
        bilingual("no way out in time"),
    ),
    "refuge": (
        bilingual("to a safety zone"), bilingual("away from the flames"),
        bilingual("to bare ground that is no safety zone"), bilingual("it has to stay where it is"),
    ),
    "more": (bilingual("people"), bilingual("aircraft")),
    "stock": (bilingual("used up"), bilingual("lost")),
    "curve": tuple(CURVE_WORDS[name] for name in CURVE_NAMES),
    "channel": tuple(kind.words for kind in CHANNEL_KINDS),
    "outage": OUTAGE_WORDS,
    "sign": (bilingual("hours without word"), bilingual("water or flames in the village")),
    "officer": (
        *(bilingual("officer {letter}", letter=letter) for letter in OFFICERS), bilingual("somebody of the village"),
    ),
}  # fmt: skip
"""Words for what `item` is the index of (`EventKind.item`), where a sentence names it."""


class Template(NamedTuple):
    """How one kind of event is told."""

    one: Words
    many: Words | None = None
    """For three or more alike; None: each is told by itself."""


TEMPLATES: dict[Kind, Template] = {
    Kind.LIVES: Template(bilingual("Residents of {where}: {people}.")),
    Kind.WATER_ARRIVES: Template(
        bilingual("Water reaches {where}, {amount} deep.")),
    Kind.WATER_RISES: Template(
        bilingual("The water in {where} has risen to {amount}."),
        bilingual("The water in {where} rises to {last}.")),
    Kind.WATER_DEEPENS: Template(
        bilingual("The water in {where} is {amount} deep."),
        bilingual("The water in {where} deepens to {last}.")),
    Kind.WATER_FALLS: Template(
        bilingual("The water in {where} has fallen to {amount}."),
        bilingual("The water in {where} falls to {last}.")),
    Kind.WATER_LEAVES: Template(bilingual("{where} is dry again.")),
    Kind.ROAD_CLOSES: Template(bilingual("{who} is {item}.")),
    Kind.ROAD_OPENS: Template(bilingual("{who} is no longer {item}.")),
    Kind.ISOLATED: Template(bilingual("The last open road to {who} is cut.")),
    Kind.REACHABLE: Template(bilingual("A road to {who} is open again.")),
    Kind.CONTACT_LOST: Template(bilingual("Contact with {who} is lost.")),
    Kind.CONTACT_RESTORED: Template(bilingual("{who} can be reached again.")),
    Kind.SENT: Template(bilingual("{who} sends word to {where} by {item}.")),
    Kind.RECEIVED: Template(bilingual("{who} has word from {where} by {item}.")),
    Kind.UNHEARD: Template(bilingual("Word of {who} to {where} does not get through.")),
    Kind.ACKNOWLEDGED: Template(bilingual("{who} answers by {item} that the word has come.")),
    Kind.RUNNER_LEAVES: Template(bilingual("Somebody walks from {who} with word for {where}.")),
    Kind.NETWORK_LOST: Template(bilingual("{who} has no public network any more.")),
    Kind.NETWORK_BACK: Template(bilingual("{who} has public network again.")),
    Kind.POWER_LOST: Template(bilingual("{who} has no power any more: {item}.")),
    Kind.POWER_BACK: Template(bilingual("{who} has power again.")),
    Kind.STATION_DOWN: Template(bilingual("Base station {who} is down: {item}.")),
    Kind.STATION_UP: Template(bilingual("Base station {who} works again.")),
    Kind.RELAY_SETS_OUT: Template(bilingual("{who} takes off for {where}.")),
    Kind.RELAY_UP: Template(bilingual("{who} holds over {where} for {amount}.")),
    Kind.RELAY_DOWN: Template(bilingual("{who} leaves {where}.")),
    Kind.REPAIR_BEGINS: Template(
        bilingual("{who} begins to work at the repair of {where}."),
        bilingual("{who} works at the repair of {where}, {count} times.")),
    Kind.REPAIR_ENDS: Template(
        bilingual("{who} leaves the repair of {where} ({amount} left)."),
        bilingual("{who} leaves the repair of {where} ({last} left).")),
    Kind.LEVEL_RAISED: Template(bilingual("Response level {item} is declared.")),
    Kind.LEVEL_LOWERED: Template(bilingual("The response level is lowered; in force from now on: {item}.")),
    Kind.TRIGGER_MET: Template(bilingual("What starts response level {item} holds now: {where}.")),
    Kind.TRIGGER_OVER: Template(bilingual("What starts response level {item} holds no longer: {where}.")),
    Kind.LEVEL_DUE: Template(bilingual("Response level {item} is due and is to be decided on.")),
    Kind.LEVEL_ASKED: Template(bilingual("The post above is asked to agree to response level {item}.")),
    Kind.MADE_READY: Template(bilingual("By order of response level {item} {where} makes ready.")),
    Kind.PARTNER_ASKED: Template(bilingual("{where} is asked for crews: {people}.")),
    Kind.AID_GRANTED: Template(bilingual("{where} grants the crews that it was asked for: {people}.")),
    Kind.AID_REFUSED: Template(bilingual("{where} refuses the crews that it was asked for: {people}.")),
    Kind.AID_SETS_OUT: Template(bilingual("Crews of {where} have gathered and set out: {people}.")),
    Kind.AID_HANDED_OVER: Template(bilingual("Crews of {where} are handed over to command: {people}.")),
    Kind.POST_TAKES: Template(
        bilingual("{who} takes up word of or for {where}."),
        bilingual("Posts take up word of or for {where}, {count} times.")),
    Kind.POST_PASSES: Template(
        bilingual("{who} passes on word of or for {where}."),
        bilingual("Posts pass on word of or for {where}, {count} times.")),
    Kind.POST_DOWN: Template(bilingual("{who} can handle nothing any more: {item}.")),
    Kind.POST_UP: Template(bilingual("{who} handles messages again.")),
    Kind.FORECAST: Template(bilingual("The forecast warns {who}.")),
    Kind.ORDERED: Template(bilingual("The order to leave {who} is given.")),
    Kind.CALLED_OUT: Template(bilingual("The officers of {who} are called.")),
    Kind.ANSWERED: Template(bilingual("The officers of {who} answer.")),
    Kind.FORECAST_TOLD: Template(bilingual("The officers of {who} are told of the forecast.")),
    Kind.NOWCAST: Template(bilingual("A short-term warning goes to the officers of {who}.")),
    Kind.NOTED: Template(bilingual("The officers of {who} answer that they have had {item}.")),
    Kind.MESSENGER_LEAVES: Template(bilingual("Nobody in {who} answers: somebody sets out for it on foot.")),
    Kind.MESSENGER_COMES: Template(
        bilingual("Somebody has walked from {where} to {who} with what nobody had answered.")),
    Kind.GUIDES_FETCH: Template(bilingual("Guides in {who} stand at the doors of households.")),
    Kind.UNREACHED: Template(bilingual("In {who} {item} does not answer; the next is called, and all once more.")),
    Kind.ACTS_ALONE: Template(
        bilingual("{who} is silent and orders its people to leave by its own page of rules: {item}.")),
    Kind.PUBLIC_CALLS: Template(
        bilingual("People of {who} ring by themselves: nobody has reached their officers.")),
    Kind.WARNED: Template(
        bilingual("The warning reaches {people} in {who}."),
        bilingual("The word goes round in {who} and reaches {people}.")),
    Kind.REFUSE: Template(
        bilingual("{people} in {who} will not leave."),
        bilingual_as("sentences", "{people} in {who} will not leave.")),
    Kind.PERSUADED: Template(
        bilingual("{people} in {who} who would not leave will leave now."),
        bilingual_as("sentences", "{people} in {who} who would not leave will leave now.")),
    Kind.AMBULANCE_SENT: Template(bilingual("Ambulances of {who} set off for {where}: {people}.")),
    Kind.CARRIED_UP: Template(bilingual("Staff of {who} have carried upstairs: {people}.")),
    Kind.PUPILS_FETCHED: Template(bilingual("Parents fetch pupils from {who}: {people}.")),
    Kind.KNOCKS: Template(bilingual("Officers go from door to door in {who}.")),
    Kind.LOUDSPEAKERS: Template(bilingual("Loudspeakers call on people in {who} to leave.")),
    Kind.LEAVE: Template(
        bilingual("Setting out from {who} for {where}: {people}."),
        bilingual("Setting out from {who} for shelters: {people}, in {count} groups.")),
    Kind.ARRIVE_SHELTER: Template(
        bilingual("Arriving at {where} from {who}: {people}."),
        bilingual("Arriving at shelters from {who}: {people}, in {count} groups.")),
    Kind.RETURN_HOME: Template(
        bilingual("From {where} {people} of {who} set out for home."),
        bilingual("Going home: {people} of {who}, in {count} groups.")),
    Kind.COMES_HOME: Template(
        bilingual("{people} of {who} are at home again."),
        bilingual("At home again: {people} of {who}, in {count} groups.")),
    Kind.LODGES: Template(
        bilingual("From {where} to relatives, friends or a hotel: {people} of {who}."),
        bilingual("To relatives, friends or a hotel: {people} of {who}, in {count} groups.")),
    Kind.TURNED_AWAY: Template(
        bilingual("{where} is full and sends on {people} from {who}."),
        bilingual("Full shelters send on {people} from {who}.")),
    Kind.TURN_BACK: Template(
        bilingual("No way is left for {people} from {who}: back home."),
        bilingual("No way is left for {people} from {who}, in {count} groups: back home.")),
    Kind.SHELTER_OPENS: Template(bilingual("{who} opens.")),
    Kind.SHELTER_CLOSES: Template(
        bilingual("{who} has to close with {people} inside.")),
    Kind.SENT_ON: Template(
        bilingual("{where} has no bed for {people} from {who}: on to where there are some."),
        bilingual("On from overfull shelters to free beds: {people} from {who}.")),
    Kind.STRANDED: Template(
        bilingual("Stranded in {who}: {people}."),
        bilingual_as("sentences", "Stranded in {who}: {people}.")),
    Kind.TRAPPED: Template(
        bilingual("Trapped in {who}: {people}."),
        bilingual_as("sentences", "Trapped in {who}: {people}.")),
    Kind.FREED: Template(bilingual("Out of danger in {who}: {people}.")),
    Kind.INJURED: Template(
        bilingual("Injured in {who}: {people}."),
        bilingual_as("sentences", "Injured in {who}: {people}.")),
    Kind.TREATED: Template(
        bilingual("Injured treated at {who}: {people}."),
        bilingual("Injured treated: {people}.")),
    Kind.DIED: Template(
        bilingual("Lives lost in {who}: {people}."),
        bilingual_as("sentences", "Lives lost in {who}: {people}.")),
    Kind.EXPECTED_DEATHS: Template(
        bilingual("Deaths to be expected in {who} of those who were in the water: {amount} ({item}).")),
    Kind.WORSENS: Template(bilingual("Injured in {who} who got worse and are badly hurt now: {people}.")),
    Kind.ADMITTED: Template(bilingual("Badly hurt of {who} in a hospital bed: {people}.")),
    Kind.NO_BED: Template(bilingual("Badly hurt of {who} at a hospital without a free bed: {people}.")),
    Kind.TO_NEIGHBOURS: Template(bilingual("The water drives to neighbours on higher ground in {who}: {people}.")),
    Kind.ASKS_OUT: Template(bilingual("Above the water in {who} some ask to be taken off: {people}.")),
    Kind.HOUSES_FLOODED: Template(bilingual("There is deep water in half of the houses of {who}.")),
    Kind.HOUSES_COLLAPSE: Template(bilingual("Houses collapse in {who}: {number}.")),
    Kind.CALL: Template(bilingual("A call for help comes from {where}: {item}.")),
    Kind.CALL_LOST: Template(bilingual("The caller at {where} rings off.")),
    Kind.NEVER_REPORTED: Template(
        bilingual("Nobody ever heard what {where} needed: {item}.")
    ),
    Kind.REPORTED: Template(
        bilingual("Command hears that {where} needs {item} ({people}).")),
    Kind.EXPECTED: Template(
        bilingual("Nothing is heard from {where}; command expects {people} there to need {item}.")),
    Kind.BUSES_ORDERED: Template(
        bilingual("With the order buses are sent to {where} for {people}, before anybody asks.")),
    Kind.RATIONS_ORDERED: Template(
        bilingual("With the forecast first rations are sent to {where} for {people}, before anybody asks.")),
    Kind.WAITS_FOR_MORE: Template(
        bilingual("{who} waits at {where} for more people: seats are free."),
        bilingual("Waiting at {where} for more people: {those}, {count} times.")),
    Kind.FINDS_NOBODY: Template(
        bilingual("{who} finds nobody in {where} who needs {item}."),
        bilingual("Nobody found in need at {where}: {those}, {count} times.")),
    Kind.REQUEST_CLOSED: Template(
        bilingual("The request of {where} for {item} is closed."),
        bilingual("Requests of {where} are closed: {items}.")),
    Kind.NO_RESPONDER: Template(
        bilingual("Nobody idle can serve the request of {where} for {item}."),
        bilingual("Nobody idle can serve the requests of {where}: {items}.")),
    Kind.NO_STOCK: Template(
        bilingual("{who} finds no goods for {where} in stock."),
        bilingual("No goods in stock for {where}: {those}.")),
    Kind.ASSIGNED: Template(
        bilingual("{who} is sent to {where}: {item}."),
        bilingual("Sent to {where}: {those} ({count} missions: {items}).")),
    Kind.RELEASED: Template(bilingual("{who} is set free.")),
    Kind.UNSERVICEABLE: Template(bilingual("{who} is in maintenance.")),
    Kind.LEAVES: Template(bilingual("{who} is there no longer: its hour has come.")),
    Kind.STANDS: Template(bilingual("{who} stands at {where}.")),
    Kind.TURNS_OUT: Template(bilingual("{who} leaves {where}.")),
    Kind.SETS_OFF: Template(
        bilingual("{who} sets off for {where}."),
        bilingual("{who} sets off {count} times.")),
    Kind.ARRIVES: Template(
        bilingual("{who} arrives at {where}."),
        bilingual("Arrivals at {where}: {those}, {count} times.")),
    Kind.TURNS_ROUND: Template(
        bilingual("A closed road ({where}) turns back {who}."),
        bilingual("Closed roads turn back {those}, {count} times.")),
    Kind.SLOWED: Template(
        bilingual("Traffic slows {who} on the way to {where}."),
        bilingual("Traffic slows {those}, {count} times.")),
    Kind.CALLED_OFF: Template(bilingual("{who} is called off.")),
    Kind.GIVES_UP: Template(
        bilingual("{who} finds no way to {where}."),
        bilingual("No way known to {where} for {those}, {count} times.")),
    Kind.WAITS_DOCK: Template(
        bilingual("{who} waits at {where} to load."),
        bilingual("Waiting to load at {where}: {those}, {count} times.")),
    Kind.LOADED: Template(
        bilingual("{who} has loaded {item} at {where}."),
        bilingual("Loaded at {where}: {items}, by {those}.")),
    Kind.PICKS_UP: Template(
        bilingual("{who} takes {people} aboard at {where} ({item})."),
        bilingual("Taken aboard at {where}: {people}, by {those}, in {count} trips.")),
    Kind.SETS_DOWN: Template(
        bilingual("{who} sets {people} down at {where}."),
        bilingual("Set down at {where}: {people}, by {those}, in {count} trips.")),
    Kind.TOO_DEEP: Template(
        bilingual("At {where} the water ({amount}) is too deep for {who}."),
        bilingual("The water at {where} is too deep for {those}, {count} times.")),
    Kind.LANDED: Template(
        bilingual("{who} sets {people} ashore at {where}, to be taken on from there."),
        bilingual("Set ashore at {where}: {people}, in {count} trips.")),
    Kind.WAITS_AT_POINT: Template(
        bilingual("{who} waits at {where} for its turn."),
        bilingual("Waiting for a turn at {where}: {those}, {count} times.")),
    Kind.TAKEN_ON: Template(
        bilingual("{who} takes {people} on from {where}."),
        bilingual("Taken on from {where}: {people}, by {those}, in {count} trips.")),
    Kind.CAUGHT: Template(
        bilingual("{people} of {who} are caught on the road at {where}: no way on or back."),
        bilingual("Caught on the road: {people} of {those}, {count} times.")),
    Kind.REACHED_ON_ROAD: Template(
        bilingual("At {where} the water comes to {people} of {who} on the road ({amount})."),
        bilingual("Reached by the water on the road at {where}: {people} of {those}, {count} times.")),
    Kind.GOES_ON: Template(
        bilingual("{people} of {who} who were caught at {where} go on."),
        bilingual("Going on after a closed road: {people} of {those}, {count} times.")),
    Kind.TAKEN_FROM_ROAD: Template(
        bilingual("{who} fetches {people} from the road at {where}."),
        bilingual("Fetched from the road at {where}: {people}, by {those}, in {count} trips.")),
    Kind.POINT_MOVES: Template(bilingual("From {who} {people} go on to {where}, ahead of the water.")),
    Kind.PUNCTURED: Template(bilingual("{who} is holed.")),
    Kind.BOAT_LOST: Template(bilingual("{who} is lost for good.")),
    Kind.DELIVERS: Template(
        bilingual("{who} delivers {item} at {where}."),
        bilingual("Delivered at {where}: {items}, by {those}.")),
    Kind.RETURNS: Template(bilingual("{who} sets off home.")),
    Kind.RESTS: Template(bilingual("{who} rests for {amount}.")),
    Kind.BREAKS_DOWN: Template(bilingual("{who} breaks down.")),
    Kind.REPAIRED: Template(bilingual("{who} is repaired.")),
    Kind.REFUELS: Template(bilingual("{who} refuels at {where}.")),
    Kind.HELD: Template(
        bilingual("{who} is held back by {item} for {amount}.")),
    Kind.SEES: Template(bilingual("{who} looks at how things stand in {where}.")),
    Kind.SERVED: Template(bilingual("{who} has done what {where} called for.")),
    Kind.NEEDS: Template(
        bilingual("{where} asks for {item}."),
        bilingual("{where} asks for {items}.")),
    Kind.MET: Template(
        bilingual("{item} for {people} in {where}."),
        bilingual("Provided for in {where}: {items}.")),
    Kind.RELIEVED: Template(
        bilingual("Everybody in {where} has basic relief: {people}.")),
    Kind.LAPSES: Template(
        bilingual("In {where} {people} are left without: {item}."),
        bilingual("{where} runs out: {items}.")),
    Kind.FETCHED: Template(
        bilingual("People of {who} fetch from {where}: {item}."),
        bilingual("People of {who} fetch from {where}: {items}.")),
    Kind.OWN_STOCK: Template(
        bilingual("In {who} {people} can live on what they have for {amount}.")),
    Kind.OWN_STOCK_ENDS: Template(bilingual("Own stock in {who} is {item}.")),
    Kind.IGNITES: Template(bilingual("A fire begins at {who}.")),
    Kind.CROWNS: Template(bilingual("{who} takes hold of the crowns: {item} burn.")),
    Kind.SPOTS: Template(
        bilingual("An ember starts a new front of {who}."),
        bilingual("Embers start {count} new fronts of {who}.")),
    Kind.FALSE_ALARM: Template(bilingual("Something near {where} is taken for a fire, by {item}.")),
    Kind.FINDS_NO_FIRE: Template(bilingual("{who} finds no fire near {where}.")),
    Kind.DETECTED: Template(
        bilingual("The fire at {who} is seen by {item} ({amount}).")),
    Kind.AREA: Template(
        bilingual("The fire at {who} covers {amount} ({item})."),
        bilingual("The fire at {who} has reached {last}.")),
    Kind.CONTAINED: Template(
        bilingual("The fire at {who} is contained at {amount}.")),
    Kind.CONTROLLED: Template(bilingual("The fire at {who} is mopped up.")),
    Kind.FIRE_OUT: Template(bilingual("The fire at {who} is out.")),
    Kind.ESCAPED: Template(bilingual("The fire at {who} has got away.")),
    Kind.REKINDLES: Template(
        bilingual("The fire at {who} breaks out again."),
        bilingual("The fire at {who} breaks out {count} times.")),
    Kind.LINE_BREACHED: Template(
        bilingual("The fire at {who} crosses its line."),
        bilingual("The fire at {who} crosses its line {count} times.")),
    Kind.LINE_TAKEN: Template(
        bilingual("The fire at {where} takes the line that {who} had begun."),
        bilingual("The fire at {where} takes line before it is closed, {count} times: {those}.")),
    Kind.BURNS_OUT: Template(
        bilingual("{who} burns out the ground before the fire at {where}."),
        bilingual("Burning out before the fire at {where}: {those}, {count} times.")),
    Kind.FIRE_ARRIVES: Template(bilingual("Flames reach {where}.")),
    Kind.PLACE_LOST: Template(bilingual("{where} is buried or torn away.")),
    Kind.FIRE_LEAVES: Template(bilingual("Nothing burns at {where} any more.")),
    Kind.SMOKE_ARRIVES: Template(bilingual("Thick smoke lies over {where}.")),
    Kind.SMOKE_LEAVES: Template(bilingual("The smoke over {where} is gone.")),
    Kind.EXPOSED: Template(
        bilingual("Still in {who} when {item} come: {people}.")),
    Kind.FRONT_NEARS: Template(bilingual("Command expects the front at {who}.")),
    Kind.WALKS_IN: Template(
        bilingual("{who} walks in to the fire at {where}."),
        bilingual("Walking in to the fire at {where}: {those}.")),
    Kind.TAKES_POST: Template(
        bilingual("{who} begins to work on the line at {where} ({item})."),
        bilingual("Work on the line at {where}: {those}, {count} spells.")),
    Kind.CREW_ORDERED: Template(
        bilingual("{who} is ordered at {where}: {item}."),
        bilingual("Orders to crews at {where}: {items}.")),
    Kind.PROTECTS: Template(
        bilingual("{who} is to keep the flames from {where}."),
        bilingual("Crews that are to keep the flames from {where}: {those}.")),
    Kind.ORDER_REFUSED: Template(
        bilingual("{who} cannot do as ordered at {where}: {item}."),
        bilingual("Crews cannot do as ordered at {where}: {items}.")),
    Kind.WITHDRAWS: Template(
        bilingual("{who} leaves the line at {where}: {item}."),
        bilingual("Leaving the line at {where}: {those}, {count} times.")),
    Kind.STANDS_DOWN: Template(
        bilingual("A rule keeps {who} from work at {where}: {people}."),
        bilingual("Kept from work at {where} by a rule: {those}, {count} times.")),
    Kind.SEEKS_SAFETY: Template(
        bilingual("{who} gets away from the fire at {where}: {item}."),
        bilingual("Getting away from the fire at {where}: {items}.")),
    Kind.DRIVEN_OFF: Template(
        bilingual("{who}, on foot near the fire at {where}, gets out of the way of flames: {people}."),
        bilingual("On foot out of the way of flames at {where}: {those}, {count} times.")),
    Kind.CUT_OFF: Template(bilingual("Flames stand on every way out of {who}: {people}.")),
    Kind.ENTRAPPED: Template(bilingual("Flames come too near to {who}: {people}.")),
    Kind.OVERRUN: Template(bilingual("The front burns over {who}: {people}.")),
    Kind.PUMPS: Template(
        bilingual("{who} has pumped water at the line of {where}."),
        bilingual("Pumped water comes to the line of {where}: {those}, {count} times.")),
    Kind.WATER_FAILS: Template(
        bilingual("{who} is without water at {where}: {item}."),
        bilingual("Without water at {where}: {those}, {count} times.")),
    Kind.SOURCE_EMPTY: Template(bilingual("Water source {who} is empty.")),
    Kind.WATER_USED: Template(
        bilingual("{who} has used {amount} of pumped water at {where}."),
        bilingual("Pumped water used at {where}: {those}, {count} times.")),
    Kind.WAITS_FOR_WATER: Template(
        bilingual("{who} has waited {amount} for water before the flames at {where}."),
        bilingual("Waiting for water before the flames at {where}: {those}, {count} times.")),
    Kind.FILLS: Template(
        bilingual("{who} fills its bucket at {where}."),
        bilingual("Buckets filled at {where}: {those}, {count} times.")),
    Kind.DROPS: Template(
        bilingual("{who} drops water on {where}."),
        bilingual("Water dropped on {where}: {count} loads, by {those}.")),
    Kind.SMOKED_OUT: Template(
        bilingual("Smoke keeps {who} from dropping at {where}."),
        bilingual("Smoke keeps {those} from dropping at {where}, {count} times.")),
    Kind.REINFORCES: Template(
        bilingual("Command wants {number} {item} at {where}.")),
    Kind.DIVIDES: Template(
        bilingual("Of the {item} that several fires want, {where} gets {number}.")),
    Kind.HELD_BACK: Template(
        bilingual("Command keeps in reserve for the next fire at {where}: {people}."),
        bilingual("Kept in reserve for the next fire at {where}: {people}.")),
    Kind.FREED_BACK: Template(
        bilingual("No longer kept in reserve at {where}: {people}.")),
    Kind.AID_ASKED: Template(
        bilingual("Command asks for help from {where}: {people}."),
        bilingual("Help asked for from {where}: {people}.")),
    Kind.RELIEF_ASKED: Template(
        bilingual("Command asks for relief on the line at {where}: {people}."),
        bilingual("Relief asked for on the line at {where}: {people}.")),
    Kind.RELIEF_COMES: Template(
        bilingual("Relief is at work on the line at {where}: {people}."),
        bilingual("Relief at work on the line at {where}: {people}.")),
    Kind.STAGES: Template(bilingual("Crews are to gather at {other}.")),
    Kind.UNMET: Template(
        bilingual("Still open at the end: {item} for {where}."),
        bilingual("Still open at the end for {where}: {items}.")),
    Kind.ENDS: Template(bilingual("At the end {item}: {people} of {who}.")),
}  # fmt: skip
"""Kinds that are told; the others stand behind those."""

SPECIAL: dict[tuple[Kind, int], Template] = {
    (Kind.DELIVERS, -1): Template(
        bilingual("People of {where} have carried home: {item}."),
        bilingual("People of {where} have carried home: {items}.")),
    (Kind.REPORTED, -1): Template(bilingual("Command hears of the fire at {where}.")),
    (Kind.REPORTED, RECONNAISSANCE): Template(
        bilingual("Command wants somebody to look at {where}.")),
    (Kind.REPORTED, REPAIR): Template(bilingual("Command hears that {where} can be repaired.")),
    (Kind.REPORTED, WATER_DROP): Template(
        bilingual("Command wants water from the air at {where} ({number} aircraft).")),
}  # fmt: skip
"""Kinds that are told otherwise for one item (-1: a row without a request)."""


def template_of(kind: Kind, item: int, request: int) -> Template:
    """The template for one event.

    Args:
        kind: of the event.
        item: its item.
        request: its request; some kinds are told otherwise where there is none (-1).

    Raises:
        KeyError: for a kind that is not told.
    """
    return SPECIAL.get((kind, item if request >= 0 else -1)) or TEMPLATES[kind]
