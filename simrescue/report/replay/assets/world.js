"use strict";
// Where everything is and how it stands at a time.

class World {
  constructor() {
    const count = D.kinds.length;
    this.count = count;
    this.points = this.projected();
    this.value = D.what.map(() => new Float32Array(count));
    this.view = "true";
    this.word = D.what.map(() => new Float32Array(count));
    this.isMover = D.kinds.map((kind) => D.things[kind].role === "responder");
    this.movers = [...D.kinds.keys()].filter((thing) => this.isMover[thing]);
    this.groupLegs();
    this.stand = new Int32Array(count).fill(-1);
    T.stand_who.forEach((who, i) => (this.stand[who] = T.stand_at[i]));
    this.at = new Int32Array(count);
    this.most = new Float32Array(count);
    const inside = D.what.indexOf("inside");
    T.step_what.forEach((what, i) => {
      if (what === inside) this.most[T.step_thing[i]] = Math.max(this.most[T.step_thing[i]], T.step_value[i]);
    });
    this.reset();
  }

  // Places, then extra points, on the Mercator square of 256 at zoom 0.
  projected() {
    const extra = T.extra.length / 2;
    const all = new Float64Array(2 * (D.places + extra));
    const put = (i, lon, lat) => {
      const point = L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), 0);
      all[2 * i] = point.x;
      all[2 * i + 1] = point.y;
    };
    for (let i = 0; i < D.places; i++) put(i, T.lon[i], T.lat[i]);
    for (let i = 0; i < extra; i++) put(D.places + i, T.extra[2 * i], T.extra[2 * i + 1]);
    return all;
  }

  // Legs of each responder stand together, in order of time.
  groupLegs() {
    const first = new Uint32Array(this.count + 1);
    for (const who of T.leg_who) first[who + 1]++;
    for (let i = 0; i < this.count; i++) first[i + 1] += first[i];
    const next = first.slice();
    this.legs = new Uint32Array(T.leg_who.length);
    T.leg_who.forEach((who, leg) => (this.legs[next[who]++] = leg));
    this.firstLeg = first;
  }

  reset() {
    this.time = 0;
    this.step = 0;
    D.what.forEach((what, i) => this.value[i].fill(what === "task" || what === "stock" ? -1 : 0));
    this.word.forEach((hours) => hours.fill(-1));
    this.busy = 0;
    this.groundChanged = this.placesChanged = true;
  }

  seek(time) {
    if (time < this.time) this.reset();
    this.time = time;
    const task = D.what.indexOf("task"), depth = D.what.indexOf("depth"), road = D.what.indexOf("road");
    while (this.step < T.step_h.length && T.step_h[this.step] <= time) {
      const what = T.step_what[this.step], thing = T.step_thing[this.step], value = T.step_value[this.step];
      if (what === task) this.busy += (value >= 0) - (this.value[task][thing] >= 0);
      else if (what === depth || what === road) this.groundChanged = true;
      else this.placesChanged = true;
      this.value[what][thing] = value;
      if (D.states[value] !== "silent") this.word[what][thing] = T.step_h[this.step];
      this.step++;
    }
  }

  of(what, thing) {
    return this.value[D.what.indexOf(what)][thing];
  }

  // State of a village, or of a road, in the picture that is shown: what is true, or what a post knows of it.
  shown(what) {
    if (this.view === "true") return this.value[D.what.indexOf(what)];
    return this.value[D.what.indexOf(what === "road" ? "road_command" : `${what}_${this.view}`)];
  }

  // Numbers of what a village is without (road, power, network), in the picture that is shown.
  cutsOf(thing) {
    const bits = this.shown("cuts")[thing];
    return [...D.cuts.keys()].filter((i) => bits & (1 << i));
  }

  // Hour of the last word of a village to the post whose picture is shown; -1: none yet.
  lastWord(thing) {
    return this.word[D.what.indexOf(`state_${this.view}`)][thing];
  }

  // Puts x and y into `out`; answers whether the responder moves.
  place(who, out) {
    const from = this.firstLeg[who], to = this.firstLeg[who + 1];
    let at = Math.min(Math.max(this.at[who], from), Math.max(from, to - 1));
    if (from === to) return this.rest(this.stand[who], out);
    while (at > from && T.leg_from[this.legs[at]] > this.time) at--;
    while (at + 1 < to && T.leg_from[this.legs[at + 1]] <= this.time) at++;
    this.at[who] = at;
    const leg = this.legs[at], way = T.leg_way[leg];
    if (T.leg_from[leg] > this.time) return this.rest(T.way_point[T.way_first[way]], out);
    if (T.leg_to[leg] <= this.time) return this.rest(T.way_point[T.way_first[way + 1] - 1], out);
    const share = (this.time - T.leg_from[leg]) / (T.leg_to[leg] - T.leg_from[leg]);
    this.along(way, share * 65535, out);
    return true;
  }

  rest(point, out) {
    if (point < 0) point = 0;
    out[0] = this.points[2 * point];
    out[1] = this.points[2 * point + 1];
    out[2] = point;
    return false;
  }

  along(way, part, out) {
    let low = T.way_first[way], high = T.way_first[way + 1] - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (T.way_part[middle] <= part) low = middle;
      else high = middle;
    }
    const span = T.way_part[high] - T.way_part[low] || 1, share = (part - T.way_part[low]) / span;
    const a = 2 * T.way_point[low], b = 2 * T.way_point[high];
    out[0] = this.points[a] + (this.points[b] - this.points[a]) * share;
    out[1] = this.points[a + 1] + (this.points[b + 1] - this.points[a + 1]) * share;
    out[2] = -1;
  }

  // The points of the leg that a responder is on, for drawing its way; empty when it stands.
  wayOf(who) {
    const from = this.firstLeg[who], to = this.firstLeg[who + 1];
    if (from === to) return [];
    const leg = this.legs[Math.max(from, this.at[who])];
    if (T.leg_from[leg] > this.time || T.leg_to[leg] <= this.time) return [];
    return Array.from(T.way_point.subarray(T.way_first[T.leg_way[leg]], T.way_first[T.leg_way[leg] + 1]));
  }

  curve(name) {
    const values = T[`curve_${name}`], hours = T.curve_hour;
    if (!values) return 0;
    const at = Math.round((this.time / D.duration_h) * (hours.length - 1));
    return values[Math.min(hours.length - 1, Math.max(0, at))];
  }
}
