// What the page holds, and the arithmetic on it. Words are known by number: their rank by frequency, from 0.

const byId = (id) => document.getElementById(id);
const facts = JSON.parse(byId("facts").textContent);
const words = facts.words;
const points = new Float32Array(bytesOf(facts.points)); // x, y of each word, -1 to 1, y upwards
const groupOf = new Uint8Array(bytesOf(facts.groups));
const ONE = 32767; // what stands for 1 in a 16-bit number

// The large arrays stand behind this script, so that the map is painted before they are even parsed.
const loaded = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
const neighbourRows = lazily("neighbours", Int32Array);
const neighbourCosines = lazily("similarities", Int16Array);
const unitVectors = lazily("vectors", Int16Array);

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}

function lazily(id, Kind) {
  let values = null;
  return () => {
    if (!values) {
      values = new Kind(bytesOf(byId(id).textContent));
      byId(id).remove(); // the text is several times as large
    }
    return values;
  };
}

// Numbers from words.length on are neighbours that are not on the map.
const nameOf = (word) => (word < words.length ? words[word] : facts.beyond[word - words.length]);

function neighboursOf(word) {
  const each = neighbourRows().length / words.length;
  const found = [];
  for (let i = word * each; i < (word + 1) * each; i++) {
    found.push({ word: neighbourRows()[i], cosine: neighbourCosines()[i] / ONE });
  }
  return found;
}

// The words of the map nearest to b - a + c by cosine, none of the three (3CosAdd: Mikolov, Yih and Zweig 2013).
function analogyOf(a, b, c, most) {
  const size = facts.dimensions;
  const vectors = unitVectors();
  const target = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    target[k] = vectors[b * size + k] - vectors[a * size + k] + vectors[c * size + k];
  }
  const length = Math.hypot(...target) || 1;
  const best = [];
  for (let word = 0; word < words.length; word++) {
    if (word === a || word === b || word === c) continue;
    let sum = 0;
    for (let k = 0, at = word * size; k < size; k++) sum += target[k] * vectors[at + k];
    keepBest(best, { word, cosine: sum / length / ONE }, most);
  }
  return best;
}

// Insert into a short list, the largest first, at equal cosine the more frequent word first.
function keepBest(best, one, most) {
  if (best.length === most && one.cosine <= best[most - 1].cosine) return;
  let place = best.length;
  while (place > 0 && best[place - 1].cosine < one.cosine) place--;
  best.splice(place, 0, one);
  if (best.length > most) best.pop();
}

// Small helpers for the page's own elements. Text is only ever set as text.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// A word keeps its own direction of writing and does not disturb the text around it.
const wordElement = (word) => element("bdi", { dir: "auto" }, nameOf(word));
const number = (value) => value.toLocaleString("en");
