// Which words have their names written on the map: the frequent first, none over another, more of them as one zooms.
//
// Names are chosen for the whole map at one of a few zooms, not for what is seen: so they stay when one moves. At any
// zoom up to the next of these the words only lie farther apart, so that names that did not touch still do not.

const FONT = 12.5;
const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif';
const HALF_LINE = 8;
const AIR = { x: 16, y: 5 }; // around a name
const CELL = { x: 96, y: 26 };
const chosenAt = new Map(); // group that is chosen and step of zoom -> words
const letterWidths = new Map();

// Radius of a word's dot: five sizes by rank, larger from near and smaller on a small screen.
const SIZES = [4.4, 3.6, 2.9, 2.2, 1.7];
const RANKS = [30, 150, 1000, 5000];
const sizeOf = Uint8Array.from(words, (_, rank) => RANKS.filter((limit) => rank >= limit).length);
const zoomStep = () => Math.floor(Math.log2(view.zoom) * 3 + 1e-9);
const MOST_GROWTH = 2.3;
const growth = () => Math.min(MOST_GROWTH, 2 ** (zoomStep() / 12)) * clamp(unit() / 300, 0.65, 1);
const radius = (word) => SIZES[sizeOf[word]] * growth();

const fontOf = (weight = 450, size = FONT) => `${weight} ${size}px ${FAMILY}`;

function forgetLabels() {
  chosenAt.clear();
}

function labelledWords() {
  const step = zoomStep();
  const key = `${state.group} ${step}`;
  if (!chosenAt.has(key)) chosenAt.set(key, chooseLabels(unit() * 2 ** (step / 3)));
  return chosenAt.get(key);
}

function chooseLabels(pixels) {
  const taken = new Map();
  const chosen = [];
  for (let word = 0; word < words.length; word++) {
    if (state.group >= 0 && groupOf[word] !== state.group) continue; // others have no names then
    const x = points[2 * word] * pixels;
    const y = -points[2 * word + 1] * pixels;
    const box = labelBox(word, x, y);
    const roomy = { left: box.left - AIR.x, right: box.right + AIR.x, top: box.top - AIR.y, bottom: box.bottom + AIR.y };
    if (isFree(taken, roomy)) {
      take(taken, box);
      chosen.push(word);
    }
  }
  return chosen;
}

// A name stands to the right of its dot.
function labelBox(word, x, y) {
  const left = x - radius(word);
  return { left, right: x + radius(word) + 4 + nameWidth(word), top: y - HALF_LINE, bottom: y + HALF_LINE };
}

// The sum of its letters' widths: so the canvas is asked once a letter, not for each of 20,000 names.
function nameWidth(word) {
  let width = 0;
  for (const letter of shortName(word)) {
    if (!letterWidths.has(letter)) {
      ink.font = fontOf();
      letterWidths.set(letter, ink.measureText(letter).width);
    }
    width += letterWidths.get(letter);
  }
  return width;
}

// As much of a name as is written on the map.
function shortName(word) {
  const name = nameOf(word);
  return name.length > 30 ? `${name.slice(0, 29)}…` : name;
}

function* cellsOf(box) {
  for (let x = Math.floor(box.left / CELL.x); x <= Math.floor(box.right / CELL.x); x++) {
    for (let y = Math.floor(box.top / CELL.y); y <= Math.floor(box.bottom / CELL.y); y++) yield x * 65536 + y;
  }
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function isFree(taken, box) {
  for (const cell of cellsOf(box)) {
    if (taken.get(cell)?.some((other) => overlap(other, box))) return false;
  }
  return true;
}

function take(taken, box) {
  for (const cell of cellsOf(box)) {
    if (!taken.has(cell)) taken.set(cell, []);
    taken.get(cell).push(box);
  }
}

// Names that must be seen, even where their words crowd: each takes the free place nearest to its dot, if there is one
// that hides no other's dot.
function placeNames(some) {
  const placed = [];
  const dots = some.map(dotBox);
  for (const [number, word] of some.entries()) {
    const width = nameWidth(word) * 1.12 + 4; // they are written larger
    const free = placesAround(word, width).filter((box) => !placed.some((other) => overlap(other.box, box)));
    const box = free.find((one) => !dots.some((dot, other) => other !== number && overlap(dot, one))) ?? free[0];
    if (box) placed.push({ word, box });
  }
  return placed;
}

function dotBox(word) {
  const [x, y, half] = [screenX(word), screenY(word), Math.max(3.4, radius(word))];
  return { left: x - half, right: x + half, top: y - half, bottom: y + half };
}

function placesAround(word, width) {
  const [x, y, gap] = [screenX(word), screenY(word), radius(word) + 7];
  const at = (left, middle) => ({ left, right: left + width, top: middle - HALF_LINE - 1, bottom: middle + HALF_LINE + 1 });
  const places = [at(x + gap, y), at(x - gap - width, y), at(x - width / 2, y - gap - 9), at(x - width / 2, y + gap + 9)];
  for (let shift = 17; shift <= 136; shift += 17) {
    for (const dy of [-shift, shift]) places.push(at(x + gap + 6, y + dy), at(x - gap - 6 - width, y + dy));
  }
  const inside = (box) => box.left > 4 && box.right < view.width - 4 && box.top > 4 && box.bottom < view.height - 4;
  const seen = places.filter(inside);
  return seen.length > 0 ? seen : places;
}
