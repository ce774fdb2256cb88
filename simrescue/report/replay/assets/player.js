"use strict";
// Time: play, pause, speed, scrub, keys; the loop that draws.

const SPEEDS_H = [1 / 12, 1 / 6, 1 / 4, 1 / 2, 1, 2, 4, 8];
const REDRAW_MS = 60, NAMES_MS = 1500, WRITE_MS = 160, WHOLE_S = 90, STEP_H = 0.25;

class Player {
  constructor() {
    this.world = new World();
    this.shown = new Set([...Object.keys(D.things), "layer water", "layer fire", "layer names", "layer cuts"]);
    // Where sites would hide the villages, only those that hold people are shown at first.
    const sites = kindsOf("place").filter((kind) => D.things[kind].drawn && !D.things[kind].of_hazard);
    if (D.kinds.filter((kind) => sites.includes(kind)).length > 400) {
      for (const kind of sites) if (D.things[kind].capacity !== "persons") this.shown.delete(kind);
    }
    this.playing = false;
    this.turn = 2;
    this.frames = [];
    this.map = L.map("map", { zoomAnimation: false, fadeAnimation: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 120, keyboard: false });
    this.map.attributionControl.setPrefix(false);
    const credit = make("span", D.attribution);
    this.map.attributionControl.addAttribution(credit.innerHTML);
    L.control.scale({ imperial: false }).addTo(this.map);
    this.map.fitBounds(this.bounds(), { padding: [24, 24] });
    this.ground = new Ground(this.world, this.shown).addTo(this.map);
    this.places = new Places(this.world, this.shown).addTo(this.map);
    this.names = new Names(this.places, this.shown).addTo(this.map);
    this.movers = new Movers(this.world, this.shown).addTo(this.map);
    this.map.on("click", (event) => this.click(event.containerPoint));
    this.panel = new Panel(this.world, this);
    this.speed = SPEEDS_H.findIndex((hours) => hours >= D.duration_h / WHOLE_S);
    if (this.speed < 0) this.speed = SPEEDS_H.length - 1;
    this.listen();
  }

  // The villages to which anything happens, or all; a fire's landscape as well.
  bounds() {
    const state = D.what.indexOf("state"), depth = D.what.indexOf("depth"), hit = new Set();
    T.step_what.forEach((what, i) => {
      if (what === depth || (what === state && T.step_value[i] > 2)) hit.add(T.step_thing[i]);
    });
    const all = [...Array(D.places).keys()], mine = all.filter((i) => hit.has(i) || kindOf(i).of_hazard);
    const box = L.latLngBounds((mine.length > (D.landscape ? 0 : 1) ? mine : all).map((i) => [T.lat[i], T.lon[i]]));
    if (D.landscape) this.burnedBox(box);
    return box;
  }

  burnedBox(box) {
    const { north, west, dlat, dlon, columns } = D.landscape;
    const at = (cell) => [north - (Math.floor(cell / columns) + 0.5) * dlat, west + ((cell % columns) + 0.5) * dlon];
    for (const cell of T.cell) box.extend(at(cell));
    box.extend([box.getSouth() - 0.01, box.getWest() - 0.01]).extend([box.getNorth() + 0.01, box.getEast() + 0.01]);
  }

  listen() {
    const time = byId("time");
    time.max = D.duration_h;
    time.oninput = () => this.seek(Number(time.value));
    byId("play").onclick = () => this.play(!this.playing);
    byId("speed").onchange = (event) => (this.speed = Number(event.target.value));
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("visibilitychange", () => (this.before = undefined));
  }

  key(event) {
    const field = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || field.type === "search" || field.tagName === "SELECT") return;
    const step = event.shiftKey ? 4 * STEP_H : STEP_H, onButton = field.tagName === "BUTTON" || field.type === "checkbox";
    const does = {
      " ": onButton ? null : () => this.play(!this.playing), ArrowLeft: () => this.seek(this.world.time - step),
      ArrowRight: () => this.seek(this.world.time + step), Home: () => this.seek(0), End: () => this.seek(D.duration_h),
      ",": () => this.pace(-1), ".": () => this.pace(1), Escape: () => this.choose(-1, false),
      "+": () => this.map.zoomIn(), "=": () => this.map.zoomIn(), "-": () => this.map.zoomOut(),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  pace(change) {
    this.speed = Math.min(SPEEDS_H.length - 1, Math.max(0, this.speed + change));
    byId("speed").value = this.speed;
  }

  // English or Chinese from now on.
  speak(chinese) {
    zh = chinese;
    this.panel.write();
    const label = (hours) => (hours < 1 ? say("minutes", { number: Math.round(hours * 60) }) : say("hours", { number: hours }));
    byId("speed").replaceChildren(...SPEEDS_H.map((hours, i) => Object.assign(make("option", say("per_second", { hours: label(hours) })), { value: i })));
    byId("speed").value = this.speed;
    document.querySelector("#speed-label span").textContent = say("speed");
    byId("time").setAttribute("aria-label", say("time"));
    this.writeBar();
    this.play(this.playing);
    this.write();
    this.redraw();
  }

  writeBar() {
    const part = (hours) => `${(100 * hours) / D.duration_h}%`;
    byId("marks").replaceChildren(...D.moments.map(([time, , grave, english, chinese]) => {
      const mark = make("button", undefined, grave ? "grave" : "");
      mark.type = "button";
      mark.tabIndex = -1;
      mark.style.left = part(time);
      mark.title = `${whenOf(time)} ${zh ? chinese : english}`;
      mark.setAttribute("aria-label", mark.title);
      mark.onclick = () => this.seek(time);
      return mark;
    }));
    const every = [1, 2, 3, 6, 12, 24, 48, 96, 168].find((hours) => D.duration_h / hours <= 9) || 336;
    const first = every - ((D.start[3] + D.start[4] / 60) % every), ticks = [];
    for (let hours = first % every; hours <= D.duration_h; hours += every) {
      const midnight = dateAt(hours).getUTCHours() === 0;
      const tick = make("span", midnight || every >= 24 ? dayOf(hours) : clockOf(hours));
      tick.style.left = part(hours);
      ticks.push(tick);
    }
    byId("ticks").replaceChildren(...ticks);
  }

  play(on) {
    if (on && !this.playing && this.world.time >= D.duration_h) this.seek(0);
    this.playing = on;
    byId("play").textContent = on ? `❚❚ ${say("pause")}` : `▶ ${say("play")}`;
    this.before = undefined;
    if (on) this.request();
  }

  seek(hours) {
    this.world.seek(Math.min(D.duration_h, Math.max(0, hours)));
    this.redraw();
    this.write();
  }

  request() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame((now) => {
      this.asked = false;
      if (this.playing) this.frame(now);
    });
  }

  frame(now) {
    const passed = this.before === undefined ? 0 : Math.min(250, now - this.before);
    if (this.before !== undefined) this.frames.push(now - this.before);
    if (this.frames.length > 4000) this.frames.splice(0, 2000);
    this.before = now;
    const { world } = this;
    world.seek(Math.min(D.duration_h, world.time + (passed / 1000) * SPEEDS_H[this.speed]));
    // One thing a frame at most besides those who move, so that no frame takes long.
    if (now - (this.drawn || 0) > REDRAW_MS) this.drawn = this.redrawChanged(now);
    this.movers.redraw();
    if (now - (this.written || 0) > WRITE_MS) {
      this.written = now;
      this.write();
    }
    if (world.time >= D.duration_h) this.play(false);
    this.request();
  }

  write() {
    byId("clock").textContent = whenOf(this.world.time);
    byId("time").value = this.world.time;
    byId("time").setAttribute("aria-valuetext", whenOf(this.world.time));
    this.panel.update();
  }

  // In turn, so that a fire that moves for days does not keep villages from being drawn.
  redrawChanged(now) {
    const { world } = this;
    const due = [
      world.groundChanged || this.ground.burning.moves, world.placesChanged,
      this.namesChanged && now - (this.named || 0) > NAMES_MS,
    ];
    const turn = [1, 2, 3].map((next) => (this.turn + next) % 3).find((which) => due[which]);
    if (turn === undefined) return this.drawn;
    this.turn = turn;
    if (turn === 0) {
      this.ground.redraw();
      world.groundChanged = false;
    } else if (turn === 1) {
      this.places.redraw();
      world.placesChanged = false;
      this.namesChanged = true;
    } else {
      this.names.redraw();
      this.named = now;
      this.namesChanged = false;
    }
    return now;
  }

  redraw() {
    this.world.groundChanged = this.world.placesChanged = this.namesChanged = false;
    for (const layer of [this.ground, this.places, this.names, this.movers]) layer.redraw();
  }

  click(point) {
    const mover = this.movers.hit(point.x, point.y);
    this.choose(mover >= 0 ? mover : this.places.hit(point.x, point.y), false);
  }

  // Selects a thing and opens its story; `go`: brings it into view.
  choose(thing, go) {
    this.places.selected = this.movers.selected = thing;
    if (go && thing >= 0) {
      const out = [0, 0, 0];
      if (this.world.isMover[thing]) this.world.place(thing, out);
      else this.world.rest(thing, out);
      this.map.panTo(this.map.unproject(L.point(out[0], out[1]), 0), { animate: false });
    }
    this.panel.open(thing);
    this.redraw();
    if (thing >= 0) byId("panel").scrollTop = 0;
  }
}

async function begin() {
  [D, T] = await unpack("data");
  const asked = navigator.languages.find((one) => /^(zh|en)/i.test(one)) || "zh";
  const wanted = D.lang !== "both" ? D.lang : D.first || asked;
  zh = /^zh/i.test(wanted);
  await document.fonts.load('12px "Simrescue Sans"', D.words.map[1]);
  window.replay = new Player();
  window.replay.speak(zh);
  window.replay.seek(0);
  [details] = await unpack("details");
  document.body.dataset.ready = "yes";
}
begin();
