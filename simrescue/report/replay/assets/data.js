"use strict";
// The page's data, its words in the language at hand, times as local clock times.

const TYPES = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array };
const byId = (id) => document.getElementById(id);
let D, T, details = null, zh = false;

async function unpack(id) {
  const raw = atob(byId(id).textContent.trim());
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(stream).arrayBuffer();
  const size = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  const tables = {};
  let at = 4 + size;
  for (const [name, type, count] of head.tables) {
    tables[name] = new TYPES[type](buffer, at, count);
    at += Math.ceil((count * TYPES[type].BYTES_PER_ELEMENT) / 8) * 8;
  }
  return [head.content, tables];
}

function say(key, values = {}) {
  return D.words[key][zh ? 1 : 0].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
// What the kinds of things are called and look like: from the program's one list of them.
const kindOf = (thing) => D.things[D.kinds[thing]];
const kindsOf = (role) => Object.keys(D.things).filter((kind) => D.things[kind].role === role);
const nounOf = (kind, number = "many") => D.things[kind][number][zh ? 1 : 0];
const nameOf = (thing) => (zh ? D.names_zh : D.names)[thing];

// An element with text as text: nothing from a scenario is ever read as markup.
function make(tag, text, kind) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (number) => String(number).padStart(2, "0");
// The scenario's own clock: its start as written, counted on without time zones.
function dateAt(hours) {
  const [year, month, day, hour, minute] = D.start;
  return new Date(Date.UTC(year, month - 1, day, hour, minute) + Math.round(hours * 60) * 60000);
}
function dayOf(hours) {
  const at = dateAt(hours);
  const month = at.getUTCMonth();
  return say("day", { day: at.getUTCDate(), month: zh ? month + 1 : MONTHS[month] });
}
function clockOf(hours) {
  const at = dateAt(hours);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}
const whenOf = (hours) => say("when", { day: dayOf(hours), clock: clockOf(hours) });
const grouped = (number) => Math.round(number).toLocaleString("en");
