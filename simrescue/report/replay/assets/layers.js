"use strict";
// The map: three canvases on Leaflet. Ground (fire, water, roads), places, and those who move.

const STATE_LOOK = {
  quiet: ["#a8a8a8", "dot"], warned: ["#e3c04f", "dot"], left: ["#7fc4c9", "ring"], waiting: ["#e8871e", "diamond"],
  trapped: ["#6d1136", "cross"], relieved: ["#2c6fbb", "square"], flames: ["#c0157f", "cross"],
  silent: ["#4b3f72", "ring"],
};
// What came to a crew; all but the last are shown for a while.
const DANGER_LOOK = { "safety zone": ["#37b26c", "square"], dip: ["#1c7ed6", "ring"], fled: ["#d98200", "triangle"], "cut off": ["#d98200", "diamond"], entrapped: ["#ff8cc0", "cross"], overrun: ["#ff2f92", "cross"] };
const FLED_H = 2;
// By state of a road: open, closed and known, closed by a cause.
const roadDash = (state) => [[], [6, 4]][state] || [2, 3];
const FACES = '"Segoe UI", "Helvetica Neue", Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Simrescue Sans", sans-serif';

// One symbol with its middle at x, y; r is its half size. `share` fills boxes and triangles from below.
function symbol(ctx, shape, x, y, r, fill, share = 1) {
  ctx.beginPath();
  if (shape === "dot" || shape === "ring" || shape === "pad") ctx.arc(x, y, r, 0, 7);
  else if (shape === "square" || shape === "box") ctx.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
  else polygon(ctx, shape, x, y, r);
  if (shape === "ring" || shape === "pad" || shape === "box" || shape === "triangle") {
    ctx.fillStyle = "#ffffff";
    ctx.fill();
    if (share > 0 && shape !== "ring" && shape !== "pad") {
      ctx.save();
      ctx.clip();
      ctx.fillStyle = fill;
      ctx.fillRect(x - r, y + r - 2 * r * share, 2 * r, 2 * r * share);
      ctx.restore();
    }
    ctx.strokeStyle = fill;
    ctx.lineWidth = shape === "ring" ? 2.4 : 1.6;
    ctx.stroke();
    if (shape === "pad") {
      ctx.fillStyle = fill;
      ctx.font = `bold ${Math.round(r * 1.5)}px sans-serif`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText("H", x, y + 0.5);
    }
    return;
  }
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.strokeStyle = shape === "star" ? "#222222" : "#ffffff";
  ctx.lineWidth = 1;
  ctx.stroke();
}

// The same symbol drawn before is only copied: thousands of outlines a second are too many for a processor without graphics.
const stamps = new Map();
function stamp(ctx, ratio, shape, x, y, r, fill, share = 1) {
  const half = Math.round(r * 2) / 2, part = Math.round(share * 12) / 12, key = `${shape} ${half} ${fill} ${part} ${ratio}`;
  const size = Math.ceil(half * 1.4) + 2;
  let made = stamps.get(key);
  if (!made) {
    made = make("canvas");
    made.width = made.height = 2 * size * ratio;
    const own = made.getContext("2d");
    own.scale(ratio, ratio);
    symbol(own, shape, size, size, half, fill, part);
    stamps.set(key, made);
  }
  ctx.drawImage(made, x - size, y - size, 2 * size, 2 * size);
}

const CORNERS = {
  diamond: [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]],
  hexagon: [[0.55, -0.95], [1.1, 0], [0.55, 0.95], [-0.55, 0.95], [-1.1, 0], [-0.55, -0.95]],
  kite: [[0, -1.25], [1, 0.85], [0, 0.35], [-1, 0.85]],
  triangle: [[0, -1.1], [1.05, 0.85], [-1.05, 0.85]],
  pentagon: [[0, -1], [0.95, -0.31], [0.59, 0.81], [-0.59, 0.81], [-0.95, -0.31]],
  drop: [[0, -1.25], [0.8, 0.2], [0, 1], [-0.8, 0.2]],
  hull: [[-1.25, -0.6], [1.25, -0.6], [0.7, 0.75], [-0.7, 0.75]],
  cross: [[-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4], [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4],
    [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4]],
  star: [[0, -1.3], [0.38, -0.4], [1.25, -0.4], [0.55, 0.2], [0.8, 1.1], [0, 0.55], [-0.8, 1.1], [-0.55, 0.2], [-1.25, -0.4],
    [-0.38, -0.4]],
  rotor: [[-0.25, -0.25], [-1.2, -0.8], [-0.8, -1.2], [0, -0.45], [0.8, -1.2], [1.2, -0.8], [0.45, 0], [1.2, 0.8], [0.8, 1.2],
    [0, 0.45], [-0.8, 1.2], [-1.2, 0.8], [-0.45, 0]],
};
function polygon(ctx, shape, x, y, r) {
  CORNERS[shape].forEach(([dx, dy], i) => (i ? ctx.lineTo(x + dx * r, y + dy * r) : ctx.moveTo(x + dx * r, y + dy * r)));
  ctx.closePath();
}

const CanvasLayer = L.Layer.extend({
  onAdd(map) {
    this.canvas = make("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.ctx = this.canvas.getContext("2d");
    map.getPanes().overlayPane.appendChild(this.canvas);
    map.on("move zoomend resize viewreset", this.settle, this);
    this.settle();
  },
  // Lies over the whole map again, and is drawn for the new view.
  settle() {
    const map = this._map, size = map.getSize(), ratio = Math.min(window.devicePixelRatio || 1, 2);
    L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
    if (this.canvas.width !== Math.round(size.x * ratio) || this.canvas.height !== Math.round(size.y * ratio)) {
      this.canvas.width = Math.round(size.x * ratio);
      this.canvas.height = Math.round(size.y * ratio);
      this.canvas.style.width = `${size.x}px`;
      this.canvas.style.height = `${size.y}px`;
    }
    const corner = map.project(map.containerPointToLatLng([0, 0]), 0), zoom = map.getZoom();
    this.view = { x: corner.x, y: corner.y, k: 2 ** zoom, w: size.x, h: size.y, ratio, zoom };
    this.redraw();
  },
  clean() {
    const { w, h, ratio } = this.view;
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ctx.clearRect(0, 0, w, h);
    return this.ctx;
  },
});

const Ground = CanvasLayer.extend({
  initialize(world, shown) {
    this.world = world;
    this.shown = shown;
    this.burning = new Burning(world);
  },
  redraw() {
    const ctx = this.clean();
    if (this.shown.has("layer fire")) this.burning.draw(ctx, this.view);
    if (this.shown.has("layer water") && this.world.view === "true") this.drawWater(ctx);
    if (this.shown.has("road")) this.drawRoads(ctx);
  },
  drawWater(ctx) {
    const { world, view } = this, depth = world.value[D.what.indexOf("depth")];
    ctx.fillStyle = D.colours.flood;
    ctx.globalAlpha = 0.25;
    for (let i = 0; i < D.places; i++) {
      if (!(depth[i] > 0.05)) continue;
      const r = (5 + 7 * Math.sqrt(Math.min(depth[i], 4))) * Math.min(2.2, Math.max(0.7, (view.zoom - 6) / 4));
      ctx.beginPath();
      ctx.arc((world.points[2 * i] - view.x) * view.k, (world.points[2 * i + 1] - view.y) * view.k, r, 0, 7);
      ctx.fill();
    }
    ctx.globalAlpha = 1;
  },
  drawRoads(ctx) {
    const { world, view } = this, state = world.shown("road"), points = world.points;
    const wide = Math.min(1.5, Math.max(0.6, (view.zoom - 7) / 4));
    ctx.lineCap = "round";
    const paths = D.roads.map(() => new Array(6));
    for (let i = 0; i < T.road_index.length; i++) {
      const a = 2 * T.road_from[i], b = 2 * T.road_to[i];
      const x = (points[a] - view.x) * view.k, y = (points[a + 1] - view.y) * view.k;
      const u = (points[b] - view.x) * view.k, v = (points[b + 1] - view.y) * view.k;
      if (Math.max(x, u) < 0 || Math.max(y, v) < 0 || Math.min(x, u) > view.w || Math.min(y, v) > view.h) continue;
      const look = paths[state[T.road_index[i]]], kind = T.road_class[i], path = look[kind] || (look[kind] = new Path2D());
      path.moveTo(x, y);
      path.lineTo(u, v);
    }
    paths.forEach((kinds, look) => kinds.forEach((path, kind) => {
      ctx.strokeStyle = D.roads[look][1];
      ctx.setLineDash(roadDash(look));
      ctx.lineWidth = (0.7 + 0.38 * kind) * wide + (look ? 1 : 0);
      ctx.stroke(path);
    }));
    ctx.setLineDash([]);
  },
});

const CELL_STATES = ["burning", "wetted", "crowns", "spot"];
// State of a cell of line now; null: there is none yet.
function lineState(i, time) {
  if (T.line_closed[i] > time) return null;
  if (T.line_lost[i] <= time) return T.line_lost[i] <= time - D.burn_out_h ? "line lost" : null;
  if (T.line_mopped[i] <= time) return "line mopped";
  return T.line_left[i] > time ? "line open" : "line";
}
// The cells of the landscape as a picture of one pixel a cell; only what has changed since is painted.
class Burning {
  constructor(world) {
    this.world = world;
    const grid = D.landscape;
    if (!grid) return;
    const bytes = (colour) => [1, 3, 5, 7].map((at) => parseInt(colour.slice(at, at + 2), 16));
    this.colours = Object.fromEntries(Object.entries(D.cells).map(([what, colour]) => [what, bytes(colour)]));
    this.canvas = make("canvas");
    this.canvas.width = grid.columns;
    this.canvas.height = grid.rows;
    this.ctx = this.canvas.getContext("2d");
    this.image = this.ctx.createImageData(grid.columns, grid.rows);
    const north = L.CRS.EPSG3857.latLngToPoint(L.latLng(grid.north, grid.west), 0);
    const south = L.CRS.EPSG3857.latLngToPoint(L.latLng(grid.north - grid.rows * grid.dlat, grid.west + grid.columns * grid.dlon), 0);
    this.box = [north.x, north.y, south.x - north.x, south.y - north.y];
    if (T.light.length) this.paintHills();
    const finite = [T.line_closed, T.line_left, T.line_mopped, T.line_lost, T.danger_h].flatMap((hours) => Array.from(hours.filter(isFinite)));
    this.last = finite.reduce((last, hour) => Math.max(last, hour + Math.max(D.burn_out_h, FLED_H)), 0);
    this.reset();
  }
  // Hills as a faint grey picture under everything else, painted once.
  paintHills() {
    const wide = Math.ceil(D.landscape.columns / D.light_every), high = Math.ceil(D.landscape.rows / D.light_every);
    this.hills = make("canvas");
    this.hills.width = wide;
    this.hills.height = high;
    const ctx = this.hills.getContext("2d"), image = ctx.createImageData(wide, high);
    for (let i = 0; i < T.light.length; i++) {
      const grey = 150 + Math.round((100 * T.light[i]) / D.light_steps);
      image.data.set([grey, grey, grey - 4, 255], 4 * i);
    }
    ctx.putImageData(image, 0, 0);
  }
  reset() {
    this.image.data.fill(0);
    this.next = this.old = 0;
    this.time = 0;
  }
  paint(cell, colour) {
    this.image.data.set(this.colours[colour], 4 * cell);
  }
  advance(time) {
    if (time < this.time) this.reset();
    this.time = time;
    for (; this.next < T.cell_h.length && T.cell_h[this.next] <= time; this.next++) {
      const what = T.cell_what[this.next];
      this.paint(T.cell[this.next], CELL_STATES[what]);
    }
    for (; this.old < this.next && T.cell_h[this.old] <= time - D.burn_out_h; this.old++) {
      if (T.cell_what[this.old] !== 1) this.paint(T.cell[this.old], "burned");
    }
    this.ctx.putImageData(this.image, 0, 0);
  }
  draw(ctx, view) {
    if (!D.landscape) return;
    this.advance(this.world.time);
    const [x, y, w, h] = this.box;
    const place = [(x - view.x) * view.k, (y - view.y) * view.k, w * view.k, h * view.k];
    if (this.hills) {
      ctx.imageSmoothingEnabled = true;
      ctx.drawImage(this.hills, ...place);
    }
    ctx.imageSmoothingEnabled = false;
    ctx.strokeStyle = "#d8d8d0";
    ctx.strokeRect(...place);
    ctx.drawImage(this.canvas, ...place);
    this.drawLine(ctx, ...place);
    this.drawDanger(ctx, ...place);
  }
  middle(cell, x, y, w, h) {
    const { columns, rows } = D.landscape;
    return [x + ((cell % columns) + 0.5) * (w / columns), y + (Math.floor(cell / columns) + 0.5) * (h / rows)];
  }
  // As wide in its cell as the line is, in the colour of its state.
  drawLine(ctx, ...place) {
    const side = place[2] / D.landscape.columns, time = this.world.time;
    for (let i = 0; i < T.line_cell.length; i++) {
      const state = lineState(i, time);
      if (!state) continue;
      const [x, y] = this.middle(T.line_cell[i], ...place), size = Math.max(2, side * D.width_shares[T.line_width[i]]);
      ctx.fillStyle = D.cells[state];
      ctx.fillRect(x - size / 2, y - size / 2, size, size);
    }
  }
  // Where danger came to a crew, for a while; where one was overrun, from then on.
  drawDanger(ctx, ...place) {
    for (let i = 0; i < T.danger_h.length; i++) {
      const since = this.world.time - T.danger_h[i], what = D.dangers[T.danger_what[i]], overrun = what === "overrun";
      if (since < 0 || (!overrun && since > FLED_H)) continue;
      const [x, y] = this.middle(T.danger_cell[i], ...place);
      symbol(ctx, DANGER_LOOK[what][1], x, y, overrun ? 8 : 6, DANGER_LOOK[what][0]);
    }
  }
  get moves() {
    return D.landscape && (this.next < T.cell_h.length || this.old < this.next || this.world.time <= this.last);
  }
}

const Places = CanvasLayer.extend({
  initialize(world, shown) {
    this.world = world;
    this.shown = shown;
    this.spots = [];
    this.order = [...Array(D.places).keys()].filter((i) => kindOf(i).look[1] !== "none");
  },
  redraw() {
    const ctx = this.clean(), { world, view } = this, state = world.shown("state");
    this.spots = [];
    const graver = (i) => (kindOf(i).look[1] === "state" ? state[i] + 1 : 0);
    this.order.sort((a, b) => graver(a) - graver(b) || T.persons[a] - T.persons[b]);
    const scale = Math.min(1.4, Math.max(0.55, (view.zoom - 5) / 5));
    for (const i of this.order) {
      const kind = D.kinds[i];
      if (!this.shown.has(kind)) continue;
      const x = (world.points[2 * i] - view.x) * view.k, y = (world.points[2 * i + 1] - view.y) * view.k;
      if (x < -20 || y < -20 || x > view.w + 20 || y > view.h + 20) continue;
      const r = this.half(i) * scale;
      this.draw(ctx, i, x, y, r);
      this.spots.push([i, x, y, r]);
    }
    if (this.selected >= 0) this.ring(ctx);
  },
  half(i) {
    const shape = kindOf(i).look[1];
    if (shape === "state") return Math.min(11, 3.4 + Math.sqrt(T.persons[i]) / 15);
    return shape === "pentagon" || shape === "box" ? 5.5 : 6.5; // full shapes look larger
  },
  draw(ctx, i, x, y, r) {
    const { world } = this, { look, capacity } = kindOf(i);
    const fire = world.of("fire", i);
    if (fire > 0) symbol(ctx, "dot", x, y, r + 4, fire > 1 ? "rgba(224,112,47,.55)" : "rgba(120,124,130,.4)");
    if (look[1] === "state") {
      const [fill, shape] = STATE_LOOK[D.states[world.shown("state")[i]]];
      stamp(ctx, this.view.ratio, shape, x, y, r, fill);
      if (this.shown.has("layer cuts")) this.drawCuts(ctx, i, x, y, r + 3);
      return;
    }
    const [fill, shape] = look;
    let share = 1;
    if (capacity === "persons") share = world.most[i] > 0 ? world.of("inside", i) / world.most[i] : 0;
    if (capacity === "goods") share = Math.max(0, world.of("stock", i));
    stamp(ctx, this.view.ratio, shape, x, y, r, fill, share);
  },
  // A third of a circle round the village for each thing that it is without.
  drawCuts(ctx, i, x, y, r) {
    ctx.lineWidth = 2.4;
    for (const cut of this.world.cutsOf(i)) {
      const from = -Math.PI / 2 + (cut * 2 * Math.PI) / 3;
      ctx.beginPath();
      ctx.arc(x, y, r, from + 0.12, from + (2 * Math.PI) / 3 - 0.12);
      ctx.strokeStyle = D.cuts[cut][2];
      ctx.stroke();
    }
  },
  ring(ctx) {
    const spot = this.spots.find(([i]) => i === this.selected);
    if (!spot) return;
    ctx.beginPath();
    ctx.arc(spot[1], spot[2], spot[3] + 6, 0, 7);
    ctx.strokeStyle = "#222222";
    ctx.lineWidth = 2;
    ctx.stroke();
  },
  hit(x, y) {
    let best = -1, nearest = Infinity;
    for (const [i, px, py, r] of this.spots) {
      const away = Math.hypot(px - x, py - y);
      if (away < Math.max(10, r + 3) && away <= nearest) [best, nearest] = [i, away];
    }
    return best;
  },
});

const Names = CanvasLayer.extend({
  initialize(places, shown) {
    this.places = places;
    this.shown = shown;
  },
  // Names of the gravest and largest first, where there is room.
  redraw() {
    const ctx = this.clean(), { spots } = this.places;
    if (!this.shown.has("layer names")) return;
    const taken = new Set(), wide = 24, high = 16;
    ctx.font = `12px ${FACES}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    for (let n = spots.length - 1, written = 0; n >= 0 && written < 60; n--) {
      const [i, x, y, r] = spots[n];
      if (kindOf(i).look[1] !== "state" && this.view.zoom < 11) continue;
      const all = [...nameOf(i)], text = all.length > 24 ? `${all.slice(0, 23).join("")}…` : all.join("");
      const end = x + r + 3 + ctx.measureText(text).width, row = Math.round(y / high), keys = [];
      for (let column = Math.floor(x / wide); column <= Math.floor(end / wide); column++) keys.push(`${column},${row}`);
      if (keys.some((key) => taken.has(key))) continue;
      for (const key of keys) for (const near of [-1, 0, 1]) taken.add(`${key.split(",")[0]},${row + near}`);
      ctx.strokeStyle = "rgba(255,255,255,.85)";
      ctx.lineWidth = 3;
      ctx.strokeText(text, x + r + 3, y);
      ctx.fillStyle = "#222222";
      ctx.fillText(text, x + r + 3, y);
      written++;
    }
  },
});

const Movers = CanvasLayer.extend({
  initialize(world, shown) {
    this.world = world;
    this.shown = shown;
    this.selected = -1;
    this.out = new Float64Array(3);
    this.seen = new Float64Array(3 * world.movers.length);
    this.count = 0;
    this.crowd = new Uint16Array(D.places + T.extra.length / 2);
  },
  sprites(ratio) {
    if (this.made && this.ratio === ratio) return;
    this.ratio = ratio;
    this.made = {};
    for (const kind of kindsOf("responder")) for (const idle of [false, true]) {
      const size = 9, canvas = make("canvas");
      canvas.width = canvas.height = 2 * size * ratio;
      const ctx = canvas.getContext("2d");
      ctx.scale(ratio, ratio);
      ctx.globalAlpha = idle ? 0.5 : 1;
      const [colour, shape] = D.things[kind].look;
      symbol(ctx, shape, size, size, idle ? 3.2 : 5.2, colour);
      this.made[kind + idle] = canvas;
    }
  },
  redraw() {
    const ctx = this.clean(), { world, view, out, seen } = this;
    this.sprites(view.ratio);
    const task = world.value[D.what.indexOf("task")], standing = this.shown.has("layer standing");
    this.crowd.fill(0);
    this.count = 0;
    if (this.selected >= 0) this.drawWay(ctx);
    for (const who of world.movers) {
      const kind = D.kinds[who];
      if (!this.shown.has(kind)) continue;
      const moves = world.place(who, out), idle = !moves && task[who] < 0;
      if (idle && !standing && who !== this.selected) continue;
      let x = (out[0] - view.x) * view.k, y = (out[1] - view.y) * view.k;
      if (!moves) {
        const rank = this.crowd[out[2]]++, away = 7 + 3.4 * Math.sqrt(rank), angle = rank * 2.39996;
        x += away * Math.cos(angle);
        y += away * Math.sin(angle);
      }
      if (x < -9 || y < -9 || x > view.w + 9 || y > view.h + 9) continue;
      ctx.drawImage(this.made[kind + idle], x - 9, y - 9, 18, 18);
      seen[3 * this.count] = who;
      seen[3 * this.count + 1] = x;
      seen[3 * this.count + 2] = y;
      this.count++;
      if (who === this.selected) {
        ctx.beginPath();
        ctx.arc(x, y, 10, 0, 7);
        ctx.strokeStyle = "#222222";
        ctx.lineWidth = 2;
        ctx.stroke();
      }
    }
  },
  drawWay(ctx) {
    if (!this.world.isMover[this.selected]) return;
    this.world.place(this.selected, this.out);
    const { world, view } = this;
    ctx.beginPath();
    world.wayOf(this.selected).forEach((point, i) => {
      const x = (world.points[2 * point] - view.x) * view.k, y = (world.points[2 * point + 1] - view.y) * view.k;
      if (i) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    });
    ctx.strokeStyle = kindOf(this.selected).look[0];
    ctx.globalAlpha = 0.6;
    ctx.lineWidth = 4;
    ctx.stroke();
    ctx.globalAlpha = 1;
  },
  hit(x, y) {
    let best = -1, nearest = 9;
    for (let i = 0; i < this.count; i++) {
      const away = Math.hypot(this.seen[3 * i + 1] - x, this.seen[3 * i + 2] - y);
      if (away < nearest) [best, nearest] = [this.seen[3 * i], away];
    }
    return best;
  },
});
