// The map painted on its canvas: dots, lines of what is chosen, names.

const ink = canvas.getContext("2d");
// What stands out: a word with its neighbours, or an analogy. links are pairs of words, [from, to, is an arrow].
const emphasis = { words: [], links: [] };
const state = { word: -1, group: -1, hovered: -1, aiming: false };
const GROUPS = 10;
let colours = {};
let density = 1; // device pixels for one of the page's
let drawnNames = []; // boxes of the names on the screen, for the pointer
let waiting = 0;

function redraw() {
  waiting ||= requestAnimationFrame(() => {
    waiting = 0;
    draw();
  });
}

function draw() {
  drawDots();
  ink.setTransform(density, 0, 0, density, 0, 0);
  drawnNames = [];
  drawLinks();
  const special = placeNames(emphasis.words.filter(isSeen));
  drawNames(special.map((one) => one.box));
  special.forEach(drawSpecialDot); // all of them before the names, which they must not cover
  special.forEach(drawSpecialName);
  drawHovered();
  if (state.aiming) drawCross();
}

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  const groups = Array.from({ length: GROUPS }, (_, group) => read(`--g${group}`));
  colours = { paper: read("--paper"), ink: read("--ink"), soft: read("--soft"), mark: read("--mark"), groups };
  redraw();
}

function resize() {
  const box = canvas.getBoundingClientRect();
  density = Math.min(2, devicePixelRatio || 1);
  view.width = Math.max(1, box.width);
  view.height = Math.max(1, box.height);
  canvas.width = Math.round(view.width * density);
  canvas.height = Math.round(view.height * density);
  forgetLabels();
  prepareSheet();
  redraw();
}

function isSeen(word) {
  const [x, y] = [screenX(word), screenY(word)];
  return x > -20 && y > -20 && x < view.width + 20 && y < view.height + 20;
}

function drawLinks() {
  ink.lineWidth = 1.3;
  ink.strokeStyle = colours.mark;
  for (const [from, to, arrow] of emphasis.links) {
    const [x0, y0, x1, y1] = [screenX(from), screenY(from), screenX(to), screenY(to)];
    ink.globalAlpha = arrow ? 0.95 : 0.5;
    ink.beginPath();
    ink.moveTo(x0, y0);
    ink.lineTo(x1, y1);
    if (arrow) arrowHead(x0, y0, x1, y1);
    ink.stroke();
  }
  ink.globalAlpha = 1;
}

function arrowHead(x0, y0, x1, y1) {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const [x, y] = [x1 - 7 * Math.cos(angle), y1 - 7 * Math.sin(angle)];
  for (const turn of [2.65, -2.65]) {
    ink.moveTo(x, y);
    ink.lineTo(x + 10 * Math.cos(angle + turn), y + 10 * Math.sin(angle + turn));
  }
}

function drawNames(avoid) {
  ink.font = fontOf();
  ink.globalAlpha = emphasis.words.length > 0 ? 0.35 : 1;
  const special = new Set(emphasis.words);
  for (const word of labelledWords()) {
    if (special.has(word) || !isSeen(word)) continue;
    const box = labelBox(word, screenX(word), screenY(word));
    if (avoid.some((other) => overlap(other, box))) continue;
    write(shortName(word), screenX(word) + radius(word) + 4, screenY(word), colours.ink);
    drawnNames.push({ word, box });
  }
  ink.globalAlpha = 1;
}

// Text on a piece of the ground, so that no dot runs into it: beside a letter one looks like a full stop.
function write(text, x, y, colour) {
  ink.textBaseline = "middle";
  const opacity = ink.globalAlpha;
  ink.globalAlpha = 0.85 * opacity;
  ink.fillStyle = colours.paper;
  ink.fillRect(x - 1, y - HALF_LINE, ink.measureText(text).width + 4, 2 * HALF_LINE);
  ink.globalAlpha = opacity;
  ink.lineJoin = "round";
  ink.lineWidth = 3.5;
  ink.strokeStyle = colours.paper;
  ink.strokeText(text, x, y);
  ink.fillStyle = colour;
  ink.fillText(text, x, y);
}

const isChosen = (word) => word === emphasis.words[0] && state.word === word;

function drawSpecialDot({ word, box }) {
  const [x, y] = [screenX(word), screenY(word)];
  drawDot(word, isChosen(word) ? 2.5 : 1);
  const near = { x: clamp(x, box.left, box.right), y: clamp(y, box.top + 5, box.bottom - 5) };
  if (Math.hypot(near.x - x, near.y - y) > 16) drawLeader(x, y, near);
}

function drawSpecialName({ word, box }) {
  const first = isChosen(word);
  ink.font = fontOf(first ? 700 : 600, first ? FONT + 1.5 : FONT);
  write(shortName(word), box.left + 2, (box.top + box.bottom) / 2, first ? colours.mark : colours.ink);
  drawnNames.push({ word, box });
}

function drawLeader(x, y, to) {
  ink.strokeStyle = colours.soft;
  ink.lineWidth = 0.8;
  ink.beginPath();
  ink.moveTo(x, y);
  ink.lineTo(to.x, to.y);
  ink.stroke();
}

function drawDot(word, ring) {
  ink.beginPath();
  ink.arc(screenX(word), screenY(word), Math.max(3.4, radius(word)) + ring / 2, 0, 2 * Math.PI);
  ink.fillStyle = colours.groups[groupOf[word]];
  ink.fill();
  ink.strokeStyle = ring > 1 ? colours.mark : colours.paper;
  ink.lineWidth = ring;
  ink.stroke();
}

function drawHovered() {
  const word = state.hovered;
  if (word < 0 || emphasis.words.includes(word)) return;
  drawDot(word, 1.5);
  ink.font = fontOf(600, FONT + 0.5);
  const width = ink.measureText(shortName(word)).width;
  const right = screenX(word) + radius(word) + 5;
  const x = right + width < view.width - 4 ? right : screenX(word) - radius(word) - 5 - width;
  write(shortName(word), x, screenY(word), colours.ink);
}

function drawCross() {
  const [x, y] = [view.width / 2, view.height / 2];
  ink.strokeStyle = colours.ink;
  ink.lineWidth = 1;
  ink.beginPath();
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    ink.moveTo(x + 5 * dx, y + 5 * dy);
    ink.lineTo(x + 13 * dx, y + 13 * dy);
  }
  ink.stroke();
}

// The word that is meant by a place on the screen: the one whose name is there, else the nearest dot; -1 for none.
function wordAt(place, reach) {
  const { x, y } = place;
  const named = drawnNames.findLast(({ box }) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
  if (named) return named.word;
  let [best, least] = [-1, reach * reach];
  for (let word = 0; word < words.length; word++) {
    if (state.group >= 0 && groupOf[word] !== state.group) continue;
    const square = (screenX(word) - x) ** 2 + (screenY(word) - y) ** 2;
    if (square < least) [best, least] = [word, square];
  }
  return best;
}
