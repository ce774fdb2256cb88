"""A village in the flood: who is warned, who leaves, who is stranded, trapped, freed, carried off or lost.

People are counted by state (home, moving, sheltered, stranded, trapped, aboard, dead, lodged); every change is one row
of the log, so that the sum never changes.
"""

from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING

from simrescue.communication.messages import Message, MessageKind, VillageWord
from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.houses import crop_loss_yuan, most_damage_yuan
from simrescue.hazards.flood.mortality import CURVE_NAMES, CurveName
from simrescue.metrics.people.whereabouts import HOME, PERSON_STATES, STRANDED
from simrescue.responders import EVACUATE, MEDICAL, RESCUE
from simrescue.simulation.places.hospital import Patients, in_good_hands, newly_hurt
from simrescue.simulation.places.relief_site import LOST
from simrescue.simulation.places.shelter import BROUGHT, CARRIED, LODGED
from simrescue.simulation.places.warning_state import TRANSPORT, WarningState
from simrescue.simulation.state import ALL_CLASS, FRAIL_CLASS, WADING_CLASS
from simrescue.simulation.villages.asking_out import ask_out
from simrescue.simulation.villages.house_group import HouseGroup, HousesByHeight
from simrescue.simulation.villages.institution import Care, places_for
from simrescue.simulation.villages.unsafe import may_land_again
from simrescue.streams import binomial, delay_h

if TYPE_CHECKING:
    from simpy import Event

    from simrescue.places import Institution, Village
    from simrescue.simulation.protocols import CommandPost, Contact, Hospital, Site, TrueNeeds
    from simrescue.simulation.state import Replication

WAITING = 2
"""Who is taken aboard at home, as in the `item` of PICKS_UP."""


class VillageState:
    """One village of one replication."""

    __slots__ = (
        "aboard", "affected_home", "all_patients", "asked", "at_stop", "came_out", "care", "caught", "clothed_away",
        "contact", "counting", "danger", "dead", "deepest", "desk", "expected_on_road", "fallen", "frail", "ground",
        "has_upstairs", "home", "hospital", "hurt", "index", "isolated", "lodged", "moving", "ordered_out", "patients",
        "record", "recorded_needs", "reporting", "rngs", "sheltered", "sim", "site", "stranded", "trapped",
        "true_needs", "wading_m", "waiting", "warning_state", "water_class", "water_row", "without_any", "worst_class",
    )  # fmt: skip

    def __init__(
        self,
        sim: Replication,
        index: int,
        site: Site,
        desk: CommandPost,
        contact: Contact,
        needs: TrueNeeds,
        hospital: Hospital,
    ) -> None:
        self.sim, self.site, self.desk, self.contact, self.true_needs = sim, site, desk, contact, needs
        self.hospital = hospital
        self.index = index
        self.record: Village | Institution = sim.world.scenario.settlements[index]
        self.care = Care() if sim.world.kinds[index] == "institution" else None
        self.home = int(self.record.population)
        self.moving = self.sheltered = self.stranded = self.trapped = self.aboard = self.dead = 0
        self.caught = 0  # on the road, with no way on or back
        self.lodged = 0  # with relatives or friends, in a hotel
        self.came_out = self.without_any = 0  # people who have come out of the village; those of them with no such roof
        self.frail = round(self.home * self.record.vulnerable)
        self.waiting = self.hurt = self.affected_home = 0
        self.expected_on_road: dict[CurveName, float] = defaultdict(
            float
        )  # deaths by each curve, of those caught there
        self.patients: list[Patients] = []  # of the injured those for whom no crew has come yet, and who may die of it
        self.all_patients = 0  # how many of them there ever were
        self.clothed_away = 0  # of those who are at no place now, how many have been given clothing
        self.ground = HousesByHeight(sim, index)
        settings = sim.settings
        self.wading_m = settings.evacuation.wading if "flood" in settings.hazards else 0.0
        self.danger = self.water_class = 0  # of the lowest street
        self.worst_class = 0  # the worst class of danger that the middle house has ever been in
        self.deepest = self.fallen = 0.0
        self.water_row = -1  # the last row that tells of the water
        self.isolated = self.reporting = self.counting = self.ordered_out = False
        self.has_upstairs = False  # somebody stays above the water, and will ask out in time
        self.at_stop: Event | None = None  # buses wait at the stop: when somebody comes there, or water
        self.asked = False  # whether command has open requests from here: then it must also hear of their end
        besides = 1.0 - sim.world.told_share[index]
        self.warning_state = WarningState(unaddressed=besides, unaware=besides)
        self.recorded_needs = dict.fromkeys((RESCUE, EVACUATE, MEDICAL), 0)
        # task -> people truly in need, as last written in the books
        self.rngs: dict[str, Random] = {}
        sim.log(Kind.LIVES, index, index, persons=self.home)

    def rng(self, purpose: str) -> Random:
        """The village's own stream for one purpose, made when first needed: one draw more shifts no other purpose."""
        if purpose not in self.rngs:
            self.rngs[purpose] = self.sim.stream(f"village {purpose}", self.index)
        return self.rngs[purpose]

    @property
    def in_need(self) -> int:
        """People whom crews take away now: trapped, stranded in standing water, or above it and asking out."""
        return self.home + self.stranded + self.trapped - self.ground.safe

    @property
    def there(self) -> int:
        """People who are still in the village, in danger or not."""
        return self.home + self.stranded + self.trapped

    @property
    def has_vehicles(self) -> bool:
        """Whether vehicles are left: the water at the highest houses has never drowned cars, and nothing has burnt."""
        dangers = self.sim.dangers.get(self.index, {})
        is_spared = self.ground.groups[-1].deepest_m <= self.sim.parameters.depth_limit_m("car")
        return self.record.cars > 0 and is_spared and not (dangers.get("flames") or dangers.get("lost"))

    # ---- water and roads

    def water(self, water: int, depth_m: float, velocity_ms: float = 0.0) -> int:
        """The water in the lowest street has reached another hazard class; answers the row that says so."""
        sim, was_water = self.sim, self.water_class
        self.lose_lives()  # in what the water was until now
        self.water_class, self.deepest = water, max(self.deepest, depth_m)
        was, self.danger = sim.endanger(self.index, "water", water)
        if was_water == 0:
            row = sim.log(Kind.WATER_ARRIVES, self.index, self.index, item=water, amount=depth_m)
            self._notice(row)
        elif water == 0:
            row = sim.log(Kind.WATER_LEAVES, self.index, self.index)
        else:
            kind = Kind.WATER_RISES if water > was_water else Kind.WATER_FALLS
            row = sim.log(kind, self.index, self.index, item=water, amount=depth_m)
        self._flows(depth_m, velocity_ms, row)
        self._meet(row, was)
        return row

    def deepen(self, depth_m: float, velocity_ms: float = 0.0) -> None:
        """The water has moved within its class: other houses stand in it, and who is exposed is so otherwise."""
        self.lose_lives()
        row = self.water_row
        if depth_m > self.deepest:
            self.deepest = depth_m
            row = self.sim.log(Kind.WATER_DEEPENS, self.index, self.index, amount=depth_m)
        self._flows(depth_m, velocity_ms, row)
        self._meet(row, self.danger)

    def _flows(self, depth_m: float, velocity_ms: float, row: int) -> None:
        """The water is another from now on, as `row` tells: houses fall that cannot stand it."""
        self.water_row = row
        self._count_fallen(self.ground.flows(depth_m, velocity_ms, self.water_class, self._soaked), row)

    def _count_fallen(self, share: float, cause: int) -> None:
        """This share of the houses has fallen by now, with whoever is in them."""
        was, self.fallen = self.fallen, share
        # Of rounded totals the difference: in however many steps they fall, the rows add up to the houses that fell.
        if self.fallen != was and (houses := round(self.houses * self.fallen) - round(self.houses * was)):
            self.sim.log(Kind.HOUSES_COLLAPSE, self.index, self.index, cause, amount=houses)

    def _soaked(self, houses: HouseGroup, moment: Event) -> None:
        # A timeout cannot be called off: since it began they may have dried, or begun to soak anew.
        if houses.soaking is moment:
            self.lose_lives()
            self._count_fallen(self.ground.let_fall(houses), self.water_row)

    @property
    def houses(self) -> float:
        """Houses of the village."""
        stated = self.record.houses
        return stated if stated is not None else self.record.population / self.sim.parameters.persons_per_house

    def _meet(self, row: int, was: int) -> None:
        """What another danger does to those who are there; `was`: class of the lowest street until now."""
        dangers = self.sim.dangers.get(self.index, {})
        otherwise = max((danger for by, danger in dangers.items() if by != "water"), default=0)
        # `endanger` first: it brings the houses up to date, whether the street is in another class or not.
        if not self.ground.endanger(otherwise) and self.danger == was:
            return
        # Before anybody is stranded: who gets to a dry house next door is neither stranded nor trapped.
        if self.ground.have_neighbours and (persons := self.ground.visit_neighbours()):
            self.sim.log(Kind.TO_NEIGHBOURS, self.index, self.index, row, persons=persons)
        self._worsen(row)
        in_need = self.trapped, self.in_need
        self._strand(row)
        if self.danger >= WADING_CLASS and was < WADING_CLASS:
            self.tell_stop()
            self.contact.may_fail(self.index, row)
        self._free(row)
        self._trap(row)
        self._settle_down(row)
        if self.ground.above and not self.has_upstairs:
            self.has_upstairs = True
            self.sim.env.process(ask_out(self.sim, self))
        if self.danger < WADING_CLASS <= was:
            self.site.recount()  # a store next door may be within reach again
            if self.index not in self.contact.dark:
                may_land_again(self.sim.world, self.desk, self.index)
        if self.danger != was or in_need != (self.trapped, self.in_need):
            self.report(row)

    def _worsen(self, row: int) -> None:
        """Half of the houses have been in this danger: from then on people here need clothing, or a roof."""
        worst, water = self.worst_class, self.ground.middle.water_class
        if self.ground.middle.danger <= worst:
            return
        self.worst_class = self.site.worst_class = self.ground.middle.danger
        if water == self.worst_class and water >= WADING_CLASS and worst < FRAIL_CLASS:
            self.sim.log(Kind.HOUSES_FLOODED, self.index, self.index, row, item=water)
        self.site.recount()
        if self.worst_class >= WADING_CLASS:
            self.site.close_larders(LOST, row)

    def flames(self, burning: bool) -> int:
        """Flames have come to the village, or nothing burns there any more; the row that tells it."""
        sim = self.sim
        was, self.danger = sim.endanger(self.index, "flames", ALL_CLASS if burning else 0)
        row = sim.log(Kind.FIRE_ARRIVES if burning else Kind.FIRE_LEAVES, self.index, self.index)
        if burning:
            self.expose(row, by_smoke=False)
            sim.log(Kind.HOUSES_EXPOSED, self.index, self.index, row, amount=round(self.houses))
            self._notice(row)
        self._meet(row, was)
        return row

    def lose(self, row: int) -> None:
        """The village is buried or torn away (`row` tells it): all who are in it are trapped."""
        was, self.danger = self.sim.endanger(self.index, "lost", ALL_CLASS)
        self._notice(row)
        self._meet(row, was)

    def expose(self, row: int, by_smoke: bool) -> None:
        """Count those who have not left when flames or thick smoke come."""
        there = self.home + self.stranded + self.trapped
        if there:
            self.sim.log(Kind.EXPOSED, self.index, self.index, row, item=int(by_smoke), persons=there)

    def _notice(self, row: int) -> None:
        """Water or flames at the door warn those whom nobody warned; who leaves is another matter (`evacuation`)."""
        new = self.warning_state.warn(self.home, int(self.record.population))
        if new or not self.warning_state.warned:
            self.sim.log(Kind.WARNED, self.index, self.index, row, persons=new)

    def cut_off(self) -> None:
        """The last open road out is gone."""
        self.isolated = True
        row = self.sim.log(Kind.ISOLATED, self.index, self.index)
        self._strand(row)
        self.contact.may_fail(self.index, row)
        self.tell_count()
        self.report(row)

    def reconnect(self) -> None:
        """A road is open again."""
        self.isolated = False
        row = self.sim.log(Kind.REACHABLE, self.index, self.index)
        self._settle_down(row)
        self.tell_count()
        self.report(row)

    def _strand(self, row: int) -> None:
        """Those are stranded whose houses stand in the water, and all when every road is cut."""
        persons = self.home - (0 if self.isolated else self.ground.dry)
        if persons > 0:
            row = self.sim.log(Kind.STRANDED, self.index, self.index, row, persons=persons)
            newly = min(persons, self.home - self.affected_home)  # who has never left stands before who came back
            self.site.join(STRANDED, newly, self)
            self.site.shift(HOME, STRANDED, persons - newly)
            self.stranded += persons
            # Who waited for a vehicle is among those caught as often as anybody else.
            held_up = round(self.waiting * persons / self.home)
            self.warning_state.held[TRANSPORT] += held_up
            self.waiting -= held_up
            self.home -= persons
            self.affected_home -= persons - newly
            if self.isolated and self.worst_class < WADING_CLASS:
                self.site.open_larders(newly, row)
        self.update_true_needs()

    def _trap(self, row: int) -> None:
        caught = self.ground.trap(self.frail, self.care.upstairs if self.care else None)
        if caught:
            self.sim.log(Kind.TRAPPED, self.index, self.index, row, persons=caught)
            self.site.leave(STRANDED, caught, self)
            self.stranded -= caught
            self.trapped += caught
            self._hurt(caught, row)
            self.update_true_needs()

    def ask_out(self, persons: int) -> None:
        """So many who stay above the water ask to be taken off."""
        row = self.sim.log(Kind.ASKS_OUT, self.index, self.index, self.water_row, persons=persons)
        self.ground.ask_out(persons)
        self.report(row)

    def carry_up(self, persons: int, cause: int) -> None:
        """Staff have carried people upstairs who cannot walk."""
        if self.care:
            self.lose_lives()
            self.care.upstairs += persons
            self.sim.log(Kind.CARRIED_UP, self.index, self.index, cause, persons=persons)
            self.ground.carry_up(persons)

    def _hurt(self, caught: int, row: int) -> None:
        rng, health, parameters = self.rng("injuries"), self.sim.settings.health, self.sim.parameters
        hurt = binomial(rng, caught, health.injured)
        if not hurt:
            return
        self.hurt += hurt
        row = self.sim.log(Kind.INJURED, self.index, self.index, row, persons=hurt)
        if self.water_class >= FRAIL_CLASS:
            severe = binomial(rng, hurt, parameters.severe_share)
            worsening = binomial(rng, hurt - severe, parameters.worsening_share)
            for persons, badly in ((severe, True), (worsening, False)):
                for patients in newly_hurt(self.sim, self, persons, self.all_patients, row):
                    self.patients.append(patients)
                    self.hospital.injure(patients, severe=badly)
                self.all_patients += persons

    def loses(self, patients: Patients) -> None:
        """Patients die where they are in the village, as far as there is anybody who could: so many fewer of them."""
        # Before they are in the water too: who comes now has not stood in what it was until now.
        self.lose_lives()
        # Of those for whom a crew has come nobody is counted in `hurt` any more.
        is_uncared = patients in self.patients
        for item, there in enumerate((self.trapped, self.stranded, self.home)):
            if dead := min(patients.persons, there):
                patients.persons -= dead
                self.hurt = max(0, self.hurt - dead) if is_uncared else self.hurt
                if is_uncared and not patients.persons:
                    self.patients.remove(patients)
                self._remove(item, dead)
                self.die(self.index, item, dead, patients.cause)
                # Fewer are in need now, and command may still be sending somebody for them.
                self.report(patients.cause)

    def loses_lodged(self, persons: int, cause: int) -> int:
        """Of so many those who are with relatives or in a hotel die of an injury; answers how many."""
        if dead := min(persons, self.lodged):
            self.lodged -= dead
            self.die(self.index, LODGED, dead, cause)
            self.report(cause)
        return dead

    def die(self, place: int, item: int, persons: int, cause: int) -> None:
        """People who have been taken out of their state are dead; `place`: where, `item`: as of DIED."""
        self.dead += persons
        there = self.trapped + self.stranded + self.home
        # Deaths are drawn without asking who was injured or helpless: of neither can there be more than are left.
        self.hurt = min(self.hurt, there)
        self._fewer_frail(max(0, self.frail - there))
        self._fewer_away()
        self.sim.log(Kind.DIED, self.index, place, cause, item=item, persons=persons)
        self.update_true_needs()

    def _free(self, row: int) -> None:
        freed = self.ground.free()
        if freed:
            self.sim.log(Kind.FREED, self.index, self.index, row, item=0, persons=freed)
            self.site.join(STRANDED, freed, self)
            self.stranded += freed
            self.trapped -= freed
            self.update_true_needs()

    def _settle_down(self, row: int) -> None:
        """People go about again where the water is shallow and a road is open."""
        persons = 0 if self.isolated else self.ground.dry - self.home
        if persons > 0:
            self.sim.log(Kind.FREED, self.index, self.index, row, item=1, persons=persons)
            self.site.shift(STRANDED, HOME, persons)
            self.home += persons
            self.affected_home += persons
            self.stranded -= persons
            self.update_true_needs()
            if self.care:
                self.care.settle()

    def lose_lives(self) -> None:
        """Deaths among people trapped in the water since the last look, by the curve that the scenario names."""
        if self.ground.is_exposed and (lost := self.ground.lose_lives(self.rng("deaths"))):
            self.trapped -= lost
            self.die(self.index, 0, lost, -1)

    def come_home(self, persons: int, item: int, cause: int) -> None:
        """People who found no way are back, into whatever stands there now; `item` as of TURN_BACK."""
        self._be_home(persons, self.sim.log(Kind.TURN_BACK, self.index, self.index, cause, item=item, persons=persons))

    def return_home(self, persons: int, cause: int, is_safe: bool) -> None:
        """People who had left are back: before it is safe, and will not leave again at the next word, or after it."""
        if is_safe:
            self.warning_state.renew(persons, int(self.record.population))
            self.lead_away(-round(persons * self.record.vulnerable))
        else:
            self.warning_state.resist(persons, int(self.record.population))
        self._be_home(persons, self.sim.log(Kind.COMES_HOME, self.index, self.index, cause, persons=persons))

    def _be_home(self, persons: int, row: int) -> None:
        self.home += persons
        self.affected_home += persons
        self.site.join(HOME, persons, self)
        self.tell_count()
        # Who has died since the last look cannot be taken aboard.
        self.lose_lives()
        self.ground.come_home(persons)
        if self.danger >= WADING_CLASS or self.isolated:
            self._strand(row)
            self._trap(row)
            self.report(row)

    # ---- news

    def report(self, cause: int) -> None:
        """Send word of how things stand; it takes its time, and one message at a time is on the way."""
        if not (self.update_true_needs() or self.asked) or self.reporting:
            return
        if not self.contact.takes(self.index):
            self.contact.wait(self.index, self.report)
            return
        self.reporting = True
        delay = delay_h(self.rng("reports"), self.sim.settings.command.report_h)
        if officers := self.warning_state.officers:
            delay += officers.until_public_calls_h()
        message = Message(MessageKind.REPORT, self.index, self.sim.world.command, cause)
        self.contact.send(message, delay, self._reported, self._report_again)

    def _reported(self, cause: int) -> None:
        self.reporting = False
        if officers := self.warning_state.officers:
            cause = officers.heard_from(cause)
        # Told as it is when word arrives: so one message on the way is enough, whatever changes meanwhile.
        self.desk.learn(self, cause)

    def _report_again(self, cause: int) -> None:
        """The last word was lost."""
        self.reporting = False
        self.report(cause)

    def tell_count(self) -> None:
        """Send word of how many are still there: as other news, one at a time, with the number when it arrives."""
        if not self.counting:
            self.counting = True
            self.sim.env.timeout(self.sim.settings.command.report_h).callbacks.append(lambda _: self._counted())

    def _counted(self) -> None:
        self.counting = False
        if self.index in self.contact.dark:
            return
        if self.contact.tells:
            message = Message(MessageKind.COUNT, self.index, self.sim.world.command)
            # A number in a list that nobody handles singly: it passes no hands.
            self.contact.carry(message, 0.0, lambda _: self._hear_count(), lambda _: None)
        else:
            self._hear_count()

    def _hear_count(self) -> None:
        self.desk.hear_count(self.index, self.there, self.site.fed_until_h())

    def needs(self) -> tuple[tuple[int, int, int], ...]:
        """What is truly needed here: task, people, and people among them who cannot help themselves."""
        # Asked at every turn, and mostly nobody waits.
        helpless = self._helpless_among(self.waiting, self.left + self.waiting) if self.waiting else 0
        return (
            (RESCUE, self.in_need, min(self.frail, self.trapped)),
            (EVACUATE, self.waiting, helpless),
            (MEDICAL, self.hurt, self.hurt),
        )

    def word(self) -> VillageWord:
        """How things stand here now."""
        return VillageWord(self.sim.env.now, self.there, self.danger, self.needs(), self.site.fed_until_h())

    def update_true_needs(self, by_crew: bool = False) -> bool:
        """Keep the books of what is truly needed; answers whether anything is."""
        recorded, in_need = self.recorded_needs, self.in_need
        # As of `needs`, without who cannot help himself: asked at every turn.
        for task, persons in ((RESCUE, in_need), (EVACUATE, self.waiting), (MEDICAL, self.hurt)):
            if persons != recorded[task]:
                recorded[task] = persons
                self.true_needs.tell((task, self.index), task, self.index, persons, by_crew)
        return in_need + self.waiting + self.hurt > 0

    # ---- carried off

    def gathering(self) -> Event:
        """When next somebody comes to the stop of the buses, or water that they do not wait in."""
        if self.at_stop is None:
            self.at_stop = self.sim.env.event()
        return self.at_stop

    def tell_stop(self) -> None:
        """Somebody has come to the stop, or water."""
        if self.at_stop is not None:
            self.at_stop.succeed()
            self.at_stop = None

    def take(self, crew: int, seats: int, cause: int, request: int) -> tuple[list[tuple[int, int, int]], int]:
        """A crew takes people aboard: trapped first, then stranded, then those waiting for transport.

        Answers the groups as (people, how they come: `shelter.CARRIED` or `BROUGHT`, row of PICKS_UP) and the last row.
        """
        self.lose_lives()
        groups = []
        if self.care:
            seats = places_for(self.sim, self, seats)
        for item, there in enumerate((self.trapped, self.in_need - self.trapped, self.waiting)):
            taken = min(seats, there)
            if taken > 0:
                cause = self.sim.log(Kind.PICKS_UP, crew, self.index, cause, request, item, taken)
                groups.append((taken, BROUGHT if item == WAITING else CARRIED, cause))
                seats -= taken
                if item == WAITING:
                    self.waiting -= taken
                self._remove(item, taken)
                self.aboard += taken
                self.update_true_needs(by_crew=True)
        return groups, cause

    def carry_hurt(self, aboard: int) -> tuple[int, list[Patients]]:
        """How many of the people aboard are injured, and who of them may die; they are cared for where they get out."""
        hurt = min(self.hurt, aboard)
        patients = self.care_for(hurt)
        self.update_true_needs(by_crew=True)
        return hurt, patients

    def care_for(self, hurt: int) -> list[Patients]:
        """Injured people are in good hands, those first who are badly hurt; answers who needs a hospital bed."""
        self.hurt -= hurt
        badly, self.patients = in_good_hands(self.patients, hurt)
        return badly

    def join_hurt(self, hurt: int, patients: list[Patients]) -> None:
        """Injured people have come home by themselves, as they were."""
        if hurt:
            self.hurt += hurt
            self.patients += patients
            for group in patients:
                group.place = self.index
            self.report(-1)

    def bring_hurt_back(self, hurt: int, patients: list[Patients]) -> None:
        """No shelter was found: the injured are at home again, as they were."""
        self.hurt += hurt
        self.patients += patients
        for group in patients:
            # All badly hurt: of the injured only these have stayed patients in the hands of a crew (`in_good_hands`).
            self.hospital.injure(group, severe=True)

    def find_roofs(self, persons: int, with_crew: bool) -> int:
        """Of so many who come out now, most find a roof as in `lodge`; answers how many need a public shelter.

        The share who need one holds over all who ever came out.
        """
        self.came_out += persons
        need = max(0, min(persons, round(self.came_out * self.record.public_shelter) - self.without_any))
        self.without_any += need
        if persons > need:
            self.lodge(persons - need, with_crew)
        return need

    def lodge(self, persons: int, with_crew: bool) -> None:
        """People are with relatives or friends, or in a hotel, and need nothing from the public any more."""
        if with_crew:
            self.aboard -= persons
        self.lodged += persons
        self._fewer_away()

    def bring_back(self, persons: int, cause: int) -> None:
        """A crew found no way to any shelter and sets people down at home again."""
        self.aboard -= persons
        self.warning_state.held[TRANSPORT] += persons
        self.lead_away(-max(0, self._helpless_gone - round((self.left - persons) * self.record.vulnerable)))
        self.come_home(persons, CARRIED, cause)

    def _remove(self, item: int, taken: int) -> None:
        if item == 0:
            self.trapped -= taken
            self.ground.take_trapped(taken)
        elif item == 1:
            self.stranded -= taken
            self.site.leave(STRANDED, taken, self)
            # Who is stranded and stands in no water is in a dry house that is cut off.
            self.ground.leave_dry(self.ground.leave_wet(taken))
        else:
            self.leave_home(taken)
            self.waiting = min(self.waiting, self.home)
        # Out of the water the helpless come first; a bus takes who stands at the stop.
        self._fewer_frail(taken if item != WAITING else self._helpless_among(taken, self.left))
        self.tell_count()

    def _fewer_away(self) -> None:
        """No more can have been given clothing than are at no place now."""
        self.clothed_away = min(self.clothed_away, self.trapped + self.moving + self.caught + self.aboard)

    @property
    def left(self) -> int:
        """People who are not in the village any more, dead or alive."""
        return int(self.record.population) - self.there

    @property
    def _helpless_gone(self) -> int:
        """People who cannot help themselves and are not in the village any more, dead or alive."""
        return round(self.record.population * self.record.vulnerable) - self.frail

    def _helpless_among(self, persons: int, left: int) -> int:
        """Of so many who go from dry houses with others, how many cannot help themselves when `left` have left in all.

        Who stays is a cross-section of the village. Whoever walked had none with him and whoever drove some, so that
        among those who wait for a vehicle are the others of their households.
        """
        return min(persons, self.frail, max(0, round(left * self.record.vulnerable) - self._helpless_gone))

    def _fewer_frail(self, gone: int) -> None:
        """So many have gone who cannot help themselves; of these who is still there may be upstairs."""
        self.frail = max(0, self.frail - gone)
        if self.care:
            self.care.upstairs = min(self.care.upstairs, self.frail)

    def lead_away(self, persons: int) -> None:
        """Of who left or (below 0) came home by own means so many cannot help themselves."""
        self.frail = min(max(0, self.frail - persons), round(self.record.population * self.record.vulnerable))

    def drive_off(self, persons: int) -> None:
        """People who waited go with a vehicle of their own institution."""
        self.waiting -= persons
        self._fewer_frail(self._helpless_among(persons, self.left + persons))

    def fetch(self, persons: int, cause: int) -> None:
        """Parents have fetched pupils, who are with their families from now on."""
        self.leave_home(persons)
        self.lodged += persons
        self.sim.log(Kind.PUPILS_FETCHED, self.index, self.index, cause, persons=persons)

    @property
    def walkers(self) -> int:
        """People who are stranded where the able go on foot: dry but cut off, or in water that they wade through."""
        if not (self.stranded and self.wading_m):  # asked at every telling
            return 0
        return min(self.stranded, sum(self.ground.walkers(self.wading_m, self.isolated)))

    def wade_off(self, persons: int) -> None:
        """Able people who are stranded go out on foot."""
        self.ground.wade(persons, self.wading_m, self.isolated)
        self.stranded -= persons
        self.site.leave(STRANDED, persons, self)
        self.tell_count()
        self.update_true_needs()

    def leave_home(self, persons: int) -> None:
        """People go from their houses: who has never been affected before who has."""
        self.home -= persons
        # An order for a part of the village is meant for those in its lowest houses.
        self.ground.leave_dry(persons, lowest_first=self.record.ordered_share < 1)
        affected = max(0, self.affected_home - self.home)
        self.affected_home -= affected
        self.site.leave(HOME, affected, self)
        self.tell_count()

    # ---- the end

    def close(self) -> None:
        """Write how many people are in each state when the clock stops."""
        self.lose_lives()
        for item, state in enumerate(PERSON_STATES):
            persons = getattr(self, state)
            if persons:
                self.sim.log(Kind.ENDS, self.index, self.index, item=item, persons=persons)
        for item, name in enumerate(CURVE_NAMES):
            if died := self.ground.expected_deaths(name) + self.expected_on_road.get(name, 0.0):
                self.sim.log(Kind.EXPECTED_DEATHS, self.index, self.index, item=item, amount=died)
        if self.deepest:
            self._reckon_losses()

    def _reckon_losses(self) -> None:
        """What the water has cost in houses and crops."""
        most = most_damage_yuan(self.record.population, self.sim.parameters)
        if lost := most * self.ground.damage_share():
            self.sim.log(Kind.HOUSES_DAMAGED, self.index, self.index, amount=lost)
        stated = self.record.crop_ha
        hectares = self.record.population * self.sim.parameters.crop_ha_per_person if stated is None else stated
        if lost := crop_loss_yuan(hectares, self.deepest, self.sim.parameters):
            self.sim.log(Kind.CROPS_DAMAGED, self.index, self.index, amount=lost)
