// What part of the map is seen, and how one moves about in it: drag, wheel, two fingers, keys, flights.

const canvas = byId("map");
const NEAREST = 400; // zoom
const view = { x: 0, y: 0, zoom: 1, width: 1, height: 1 };
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let flight = 0;

// Pixels for one unit of the map at zoom 1, at which all of it is seen.
const unit = () => Math.max(1, Math.min(view.width, view.height) / 2 - 34);
const scale = () => unit() * view.zoom;
const screenX = (word) => (points[2 * word] - view.x) * scale() + view.width / 2;
const screenY = (word) => (view.y - points[2 * word + 1]) * scale() + view.height / 2;

function moveBy(dx, dy) {
  stopFlight();
  view.x = clamp(view.x - dx / scale(), -1.2, 1.2);
  view.y = clamp(view.y + dy / scale(), -1.2, 1.2);
  redraw();
}

// Zoom so that what is at (x, y) on the screen stays there.
function zoomBy(factor, x = view.width / 2, y = view.height / 2) {
  stopFlight();
  const before = scale();
  view.zoom = clamp(view.zoom * factor, 1, NEAREST);
  const shift = 1 / before - 1 / scale();
  view.x = clamp(view.x + (x - view.width / 2) * shift, -1.2, 1.2);
  view.y = clamp(view.y - (y - view.height / 2) * shift, -1.2, 1.2);
  redraw();
}

const showWhole = () => flyTo({ x: 0, y: 0, zoom: 1 });

// Fly to where all of these words are seen, but not so near that the rest is lost from sight.
function showWords(some) {
  const xs = some.map((word) => points[2 * word]);
  const ys = some.map((word) => points[2 * word + 1]);
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = { across: Math.max(60, view.width - 240), up: Math.max(60, view.height - 140) };
  const zoom = Math.min(room.across / Math.max(right - left, 1e-6), room.up / Math.max(high - low, 1e-6)) / unit();
  flyTo({ x: (left + right) / 2, y: (low + high) / 2, zoom: clamp(zoom, 1, 24) });
}

function flyTo(target, milliseconds = 420) {
  stopFlight();
  const start = { ...view };
  const begun = performance.now();
  const step = (now) => {
    const share = calm.matches ? 1 : clamp((now - begun) / milliseconds, 0, 1);
    const eased = share * share * (3 - 2 * share);
    view.zoom = start.zoom * (target.zoom / start.zoom) ** eased;
    // The middle goes straight on the screen only if it moves as the zoom does.
    const gone = target.zoom === start.zoom ? eased : (1 / start.zoom - 1 / view.zoom) / (1 / start.zoom - 1 / target.zoom);
    view.x = start.x + (target.x - start.x) * gone;
    view.y = start.y + (target.y - start.y) * gone;
    redraw();
    flight = share < 1 ? requestAnimationFrame(step) : 0;
  };
  flight = requestAnimationFrame(step);
}

function stopFlight() {
  cancelAnimationFrame(flight);
  flight = 0;
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// Fingers and the mouse: one drags, two drag and zoom, one that does not move chooses.
const pointers = new Map();
let travelled = 0;

function listenToPointers(onChoose, onHover) {
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (pointers.size === 0) travelled = 0;
    pointers.set(event.pointerId, placeOf(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (pointers.has(event.pointerId)) drag(event);
    else if (event.pointerType === "mouse") onHover(placeOf(event));
  });
  canvas.addEventListener("pointerup", (event) => {
    const alone = pointers.size === 1 && pointers.has(event.pointerId);
    release(event);
    if (alone && travelled < 6) onChoose(placeOf(event), event.pointerType === "mouse" ? 12 : 24);
  });
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => onHover(null));
  canvas.addEventListener("wheel", turnWheel, { passive: false });
}

function placeOf(event) {
  const box = canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function drag(event) {
  const [first, second] = pointers.values();
  const before = { middle: middle(first, second), spread: spread(first, second) };
  const old = pointers.get(event.pointerId);
  const place = placeOf(event);
  travelled += Math.hypot(place.x - old.x, place.y - old.y);
  Object.assign(old, place);
  if (travelled < 6) return; // a finger is never quite still
  canvas.classList.add("moving");
  const after = middle(first, second);
  moveBy(after.x - before.middle.x, after.y - before.middle.y);
  if (second) {
    travelled += 6; // two fingers never choose
    zoomBy(spread(first, second) / before.spread, after.x, after.y);
  }
}

const middle = (a, b) => (b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : { ...a });
const spread = (a, b) => (b ? Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) : 1);

function release(event) {
  pointers.delete(event.pointerId);
  if (pointers.size === 0) canvas.classList.remove("moving");
}

function turnWheel(event) {
  event.preventDefault();
  const pixels = event.deltaY * [1, 16, 400][event.deltaMode];
  const { x, y } = placeOf(event);
  // A pinch on a trackpad comes as a wheel with Ctrl, in smaller steps.
  zoomBy(Math.exp(-clamp(pixels, -240, 240) * (event.ctrlKey ? 0.01 : 0.0018)), x, y);
}

const STEP = 60;
const MOVES = {
  ArrowLeft: () => moveBy(STEP, 0),
  ArrowRight: () => moveBy(-STEP, 0),
  ArrowUp: () => moveBy(0, STEP),
  ArrowDown: () => moveBy(0, -STEP),
  "+": () => zoomBy(1.4),
  "=": () => zoomBy(1.4),
  "-": () => zoomBy(1 / 1.4),
  "0": showWhole,
};

function listenToKeys(onEnter) {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = event.key === "Enter" ? onEnter : MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  });
}
