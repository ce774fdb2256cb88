"use strict";
// What stands beside the map: counters, curves, key moments, legend with its switches, the story of a thing.

const number = (value) => grouped(value);
const COUNTERS = {
  people: [
    ["affected", (w) => number(w.curve("affected"))],
    ["share", (w) => (w.curve("owed") >= 1 ? `${Math.round((100 * w.curve("relieved")) / w.curve("owed"))} %` : "–")],
    ["trapped_now", (w) => number(w.curve("trapped"))],
    ["rescued", (w) => number(w.curve("rescued"))],
    ["dead", (w) => number(w.curve("dead"))],
    ["busy", (w) => number(w.busy)],
  ],
  fire: [
    ["area", (w) => (w.curve("area") < 10 ? w.curve("area").toFixed(1) : number(w.curve("area")))],
    ["line_km", (w) => w.curve("line").toFixed(1)],
    ["crews", (w) => number(w.curve("crews"))],
    ["drops", (w) => number(w.curve("drops"))],
    ["sheltered", (w) => number(w.curve("sheltered"))],
    ["dead", (w) => number(w.curve("dead"))],
  ],
};
const charts = () => ({
  people: [
    [["trapped", "trapped_now", "#6d1136"], ["stranded", "stranded", "#e8871e"], ["sheltered", "sheltered", "#2f9e6e"],
     ["lodged", "lodged", "#8a8f98"]],
    [["share", "share", "#2c6fbb"]],
  ],
  fire: [
    [["area", "area", D.colours.wildfire]],
    [["line", "line_km", D.cells.line], ["crews", "crews", "#0072b2"]],
  ],
});

class Panel {
  constructor(world, player) {
    this.world = world;
    this.player = player;
    this.shown = player.shown;
    // Fires have counters and curves of their own; every other hazard is told by what it does to people.
    this.parts = [...(D.fire ? ["fire"] : []), ...(D.others ? ["people"] : [])];
    this.thing = -1;
    const { owed, relieved } = { owed: T.curve_owed, relieved: T.curve_relieved };
    T.curve_share = owed.map((all, i) => (all >= 1 ? (100 * relieved[i]) / all : NaN));
    byId("language").hidden = D.lang !== "both";
    byId("view").onchange = (event) => {
      world.view = event.target.value;
      this.writeViews();
      this.update();
      player.redraw();
    };
    byId("language").onclick = () => player.speak(!zh);
    byId("find-text").onchange = (event) => this.find(event.target.value);
  }

  // Everything that is written, in the language at hand.
  write() {
    document.documentElement.lang = zh ? "zh-CN" : "en";
    document.title = D.title[zh ? 1 : 0];
    byId("title").textContent = D.title[zh ? 1 : 0];
    byId("title").title = `${D.title[zh ? 1 : 0]} · ${D.hazard[zh ? 1 : 0]}`;
    byId("which").textContent = `${say("replay")} · ${say("replication", { number: D.replication })}`;
    byId("language").textContent = say("language");
    byId("find-text").placeholder = say("find");
    byId("find-text").setAttribute("aria-label", say("find"));
    byId("map").setAttribute("aria-label", say("map"));
    byId("moments-title").textContent = say("moments");
    byId("legend-title").textContent = `${say("show")} · ${say("legend")}`;
    this.writeViews();
    byId("keys").textContent = say("keys");
    this.writeNames();
    this.writeCounters();
    this.writeCurves();
    this.writeMoments();
    this.writeLegend();
    this.open(this.thing);
    this.update();
  }

  // Whose picture is shown; without messages in the log there is only what is true.
  writeViews() {
    const { world } = this, choice = byId("view");
    byId("view-label").hidden = D.views.length < 2;
    document.querySelector("#view-label span").textContent = say("view");
    choice.replaceChildren(...D.views.map((view) => Object.assign(make("option", say(`view_${view}`)), { value: view })));
    choice.value = world.view;
    byId("note").textContent = world.view === "true" ? say("note") : `${say("view_note")} ${say("note")}`;
  }

  writeNames() {
    const list = byId("find-names"), once = new Set();
    D.kinds.forEach((kind, i) => kind !== "road" && kind !== "command" && once.add(nameOf(i)));
    list.replaceChildren(...[...once].slice(0, 4000).map((name) => Object.assign(make("option"), { value: name })));
  }

  find(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return;
    const is = (name) => name.toLowerCase() === wanted, has = (name) => name.toLowerCase().includes(wanted);
    const fits = (test) => D.kinds.findIndex((kind, i) => kind !== "road" && kind !== "command" && (test(D.names[i]) || test(D.names_zh[i])));
    const thing = fits(is) >= 0 ? fits(is) : fits(has);
    if (thing < 0) {
      byId("find-text").setCustomValidity(say("nothing_found"));
      byId("find-text").reportValidity();
      byId("find-text").setCustomValidity("");
      return;
    }
    this.player.choose(thing, true);
  }

  writeCounters() {
    const counters = new Map(this.parts.flatMap((part) => COUNTERS[part]));
    this.cells = [...counters].map(([key, read]) => {
      const cell = make("div"), value = make("dd");
      cell.append(make("dt", say(key)), value);
      return [cell, value, read];
    });
    byId("counters").replaceChildren(...this.cells.map(([cell]) => cell));
  }

  writeCurves() {
    (this.plots || []).forEach(([plot]) => plot.destroy());
    byId("curves").replaceChildren();
    const x = Array.from(T.curve_hour);
    const lines_of = charts();
    this.plots = this.parts.flatMap((part) => lines_of[part]).map((lines) => {
      const box = make("div", undefined, "chart"), heading = make("h2");
      for (const [, key, colour] of lines) {
        const entry = make("span", say(key)), mark = make("i");
        mark.style.borderTopColor = colour;
        entry.prepend(mark);
        heading.append(entry);
      }
      box.append(heading);
      byId("curves").append(box);
      const share = lines[0][0] === "share", font = `11px ${FACES}`;
      const plot = new uPlot({
        hooks: { ready: [() => queueMicrotask(() => this.update())] },
        width: 314, height: 104, legend: { show: false }, cursor: { show: false },
        scales: { x: { time: false }, y: { range: share ? [0, 100] : (u, low, high) => [0, Math.max(1, high * 1.05)] } },
        series: [{}, ...lines.map(([name, , colour]) => ({ label: name, stroke: colour, width: 1.8, points: { show: false } }))],
        axes: [
          { font, size: 22, stroke: "#595959", grid: { show: false }, ticks: { size: 3 }, incrs: [1, 2, 3, 6, 12, 24, 48, 96], space: 60,
            values: (u, at) => at.map((hour) => (at.length > 1 && at[1] - at[0] >= 24 ? dayOf(hour) : clockOf(hour))) },
          { font, size: 44, stroke: "#595959", grid: { stroke: "#ecece8", width: 1 }, ticks: { show: false }, space: 24,
            values: (u, at) => at.map((value) => (share ? `${value} %` : value >= 1000 ? grouped(value) : String(value))) },
        ],
      }, [x, ...lines.map(([name]) => Array.from(T[`curve_${name}`], (value) => (Number.isNaN(value) ? null : value)))], box);
      const now = make("div", undefined, "now");
      plot.over.append(now);
      plot.over.addEventListener("click", (event) => this.player.seek(plot.posToVal(event.offsetX, "x")));
      return [plot, now];
    });
  }

  writeMoments() {
    this.moments = D.moments.map(([time, thing, grave, english, chinese]) => {
      const row = make("li"), button = make("button");
      button.type = "button";
      button.append(make("time", whenOf(time)), make("span", zh ? chinese : english));
      if (grave) button.classList.add("grave");
      button.onclick = () => {
        this.player.seek(time);
        if (thing >= 0 && D.kinds[thing] !== "command") this.player.choose(thing, false);
      };
      row.append(button);
      return [time, row];
    });
    byId("moments").replaceChildren(...this.moments.map(([, row]) => row));
  }

  writeLegend() {
    const there = new Set(D.kinds), box = byId("legend");
    box.replaceChildren();
    const heading = (text) => box.append(make("h3", text));
    const seen = D.states.filter((state) => state !== "silent" || D.views.length > 1);
    const states = seen.filter((state) => (state !== "trapped" || D.others) && (state !== "flames" || D.fire));
    for (const kind of kindsOf("place")) if (there.has(kind) && D.things[kind].look[1] === "state") this.toggle(kind, null, true);
    for (const state of states) this.entry(say(state), STATE_LOOK[state]);
    heading(say("show"));
    for (const kind of [...kindsOf("place"), ...kindsOf("responder")])
      if (there.has(kind) && D.things[kind].drawn) this.toggle(kind, D.things[kind].look);
    this.toggle("layer standing", null);
    this.toggle("layer names", null);
    if (D.water) this.toggle("layer water", [`${D.colours.flood}73`, "dot"]);
    if (D.cuts.length) this.toggle("layer cuts", null);
    for (const [english, chinese, colour] of D.cuts) this.entry(zh ? chinese : english, [colour, 0]);
    this.toggle("road", null);
    for (const state of D.road_states) this.entry(D.roads[state][0][zh ? 1 : 0], [D.roads[state][1], state]);
    if (D.fire) {
      this.toggle("layer fire", null);
      for (const key of ["burning", "crowns", "spot", "burned", "wetted", "line open", "line", "line mopped", "line lost"])
        this.entry(say(key), [D.cells[key], "square"]);
      for (const key of D.dangers) this.entry(say(key), DANGER_LOOK[key]);
      this.entry(say("smoke"), ["rgba(120,124,130,.4)", "dot"]);
    }
  }

  toggle(kind, look, wide) {
    const label = make("label", undefined, wide ? "wide" : ""), box = make("input");
    box.type = "checkbox";
    box.checked = this.shown.has(kind);
    box.dataset.kind = kind;
    box.onchange = () => {
      if (box.checked) this.shown.add(kind);
      else this.shown.delete(kind);
      this.player.redraw();
    };
    label.append(box);
    if (look) label.append(this.sample(look));
    label.append(make("span", kind in D.things ? nounOf(kind) : say(kind.replace("layer ", ""))));
    byId("legend").append(label);
  }

  entry(text, look) {
    const row = make("p");
    row.append(this.sample(look), make("span", text));
    byId("legend").append(row);
  }

  sample([colour, shape]) {
    const canvas = make("canvas");
    canvas.width = canvas.height = 36;
    canvas.style.width = canvas.style.height = "18px";
    canvas.setAttribute("aria-hidden", "true");
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    if (typeof shape === "string") symbol(ctx, shape, 9, 9, 5.6, colour, 0.6);
    else {
      ctx.strokeStyle = colour;
      ctx.setLineDash(roadDash(shape));
      ctx.lineWidth = 2.5;
      ctx.beginPath();
      ctx.moveTo(0, 9);
      ctx.lineTo(18, 9);
      ctx.stroke();
    }
    return canvas;
  }

  // The story of a thing; -1 closes it.
  open(thing) {
    this.thing = thing;
    const box = byId("detail");
    box.hidden = thing < 0;
    box.replaceChildren();
    if (thing < 0) return;
    const heading = make("h2", nameOf(thing)), close = make("button", say("close"), "close");
    heading.dir = "auto";
    close.type = "button";
    close.onclick = () => this.player.choose(-1, false);
    const township = D.townships[thing], called = (D.called[township] || [])[zh ? 1 : 0] || township;
    const where = [nounOf(D.kinds[thing], "one"), D.counties[thing], called].filter(Boolean).join(" · ");
    this.state = make("p", "", "state");
    box.append(heading, close, make("p", where), this.state);
    if (details) this.writeReasons(box);
    box.append(make("h3", say("story")));
    this.sentences = ((details && details.stories[thing]) || []).map(([time, english, chinese]) => this.sentence(time, zh ? chinese : english));
    if (!this.sentences.length) box.append(make("p", say("no_story")));
    const list = make("ol", undefined, "story");
    list.append(...this.sentences.map(([, row]) => row));
    box.append(list);
    this.update();
  }

  sentence(time, text) {
    const row = make("li"), button = make("button");
    button.type = "button";
    button.append(make("span", text));
    button.onclick = () => this.player.seek(time);
    row.append(button);
    return [time, row];
  }

  writeReasons(box) {
    const { bins, clauses, places } = details.reasons, rows = places[this.thing] || [], side = zh ? 1 : 0;
    if (!rows.length) return;
    box.append(make("h3", say("why")));
    for (const [clause, hours, parts] of rows.slice(0, 3)) {
      box.append(make("p", `${clauses[clause][side]} · ${say("person_h", { hours: grouped(hours) })}`));
      const bar = make("div", undefined, "bar"), list = make("ul", undefined, "bins");
      for (const [bin, share] of parts) {
        const part = make("span"), row = make("li"), mark = make("i"), percent = `${Math.round(100 * share)} %`;
        part.style.background = mark.style.background = bins[bin][2];
        part.style.flex = String(share);
        row.append(mark, `${percent} ${bins[bin][side]}`);
        bar.append(part);
        list.append(row);
      }
      box.append(bar, list);
    }
  }

  // How the open thing stands now.
  now() {
    const { world, thing } = this, { look, capacity } = kindOf(thing), parts = [];
    if (look[1] === "state") {
      parts.push(say(D.states[world.shown("state")[thing]]), `${grouped(T.persons[thing])} ${say("persons")}`);
      if (world.view !== "true") {
        const hour = world.lastWord(thing);
        parts.push(hour < 0 ? say("no_word") : say("word", { when: whenOf(hour) }));
      } else if (world.of("depth", thing) > 0.05) parts.push(`${say("depth")} ${world.of("depth", thing).toFixed(1)} m`);
      for (const cut of world.cutsOf(thing)) parts.push(D.cuts[cut][zh ? 1 : 0]);
    } else if (capacity === "persons") parts.push(`${say("inside")} ${grouped(world.of("inside", thing))}`);
    else if (capacity === "goods" && world.of("stock", thing) >= 0) parts.push(`${say("stock")} ${Math.round(100 * world.of("stock", thing))} %`);
    else if (world.isMover[thing]) {
      const task = world.of("task", thing);
      parts.push(task >= 0 ? say(`task_${task}`) : say("idle"));
    }
    return parts.length ? `${say("now")}: ${parts.join(" · ")}` : "";
  }

  update() {
    const { world } = this;
    for (const [, value, read] of this.cells) {
      const text = read(world);
      if (value.textContent !== text) value.textContent = text;
    }
    for (const [plot, now] of this.plots) now.style.transform = `translateX(${plot.valToPos(world.time, "x")}px)`;
    for (const [time, row] of this.moments) row.classList.toggle("past", time <= world.time);
    if (this.thing >= 0) {
      this.state.textContent = this.now();
      for (const [time, row] of this.sentences) row.classList.toggle("ahead", time > world.time);
    }
  }
}
