// What stands beside the map: a word's neighbours, groups, analogies, losses, evaluation, settings.

const TABS = ["word", "analogy", "training", "quality", "model"];
const ALL_WORDS = words.length === facts.vocabulary;
const ON_THE_MAP = ALL_WORDS ? "all words" : `the ${number(words.length)} most frequent of ${number(facts.vocabulary)} words`;

function showTab(name, focus = false) {
  for (const tab of TABS) {
    const button = byId(`tab-${tab}`);
    button.setAttribute("aria-selected", String(tab === name));
    button.tabIndex = tab === name ? 0 : -1;
    byId(`panel-${tab}`).hidden = tab !== name;
    if (tab === name && focus) button.focus();
  }
}

function listenToTabs() {
  TABS.forEach((tab) => byId(`tab-${tab}`).addEventListener("click", () => showTab(tab)));
  byId("tabs").addEventListener("keydown", (event) => {
    const now = TABS.findIndex((tab) => byId(`tab-${tab}`).tabIndex === 0);
    const last = TABS.length - 1;
    const next = { ArrowRight: now === last ? 0 : now + 1, ArrowLeft: now === 0 ? last : now - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    showTab(TABS[next], true);
  });
}

// A word and its neighbours.
function showNoWord() {
  byId("word").replaceChildren(
    element("h2", {}, "Choose a word"),
    element("p", { class: "help" }, "Each dot is a word, larger where it is frequent. Words that are used alike have similar " +
      "vectors. Click a dot or a name, or find a word above, to see which words are nearest to it."),
  );
}

function showWord(word, near) {
  const beyond = near.filter((one) => one.word >= words.length).length;
  byId("word").replaceChildren(
    element("h2", {}, wordElement(word)),
    element("p", { class: "help" }, aboutWord(word)),
    element("button", { type: "button", class: "plain", onclick: () => showWords(emphasis.words) }, "Show on the map"),
    element("h3", {}, "Nearest words"),
    rankedList(near),
    element("p", { class: "help" }, `Cosine similarity of the vectors, 1 at most; exact, over all ${number(facts.vocabulary)} words.` +
      (beyond > 0 ? ` ${beyond} of these ${beyond === 1 ? "is" : "are"} not on the map, which shows ${ON_THE_MAP}.` : "")),
  );
}

function aboutWord(word) {
  const times = facts.counts ? ` It occurs ${number(facts.counts[word])} times in the training text.` : "";
  return `Number ${number(word + 1)} by frequency.${times}`;
}

function rankedList(near) {
  const list = element("ol", { class: "nearest" });
  list.append(...near.map(({ word, cosine }) => element("li", {}, nearWord(word), bar(cosine), element("span", { class: "value" }, cosine.toFixed(3)))));
  return list;
}

function nearWord(word) {
  if (word >= words.length) {
    return element("span", { class: "beyond" }, element("span", { class: "swatch" }), wordElement(word), element("small", {}, "not on the map"));
  }
  const swatch = element("span", { class: `swatch g${groupOf[word]}` });
  return element("button", { type: "button", onclick: () => choose(word, { fly: true }) }, swatch, wordElement(word));
}

function bar(cosine) {
  const inner = element("i");
  inner.style.width = `${clamp(cosine, 0, 1) * 100}%`;
  return element("span", { class: "bar", "aria-hidden": "true" }, inner);
}

// Groups.
function showGroups() {
  const sizes = new Array(facts.groupNames.length).fill(0);
  for (const group of groupOf) sizes[group]++;
  byId("groups").replaceChildren(...facts.groupNames.map((some, group) => groupItem(some, group, sizes[group])));
}

const MOST_MEMBERS = 200; // words of a group that are listed at first

function groupItem(some, group, size) {
  const attributes = { type: "button", "aria-pressed": "false", "aria-expanded": "false", onclick: () => chooseGroup(group) };
  const button = element("button", attributes);
  const names = element("bdi", { dir: "auto" }, some.map(nameOf).join(", "));
  button.append(element("span", { class: `swatch g${group}` }), names, element("small", {}, number(size)));
  return element("li", {}, button);
}

function chooseGroup(group) {
  state.group = state.group === group ? -1 : group;
  markGroup();
  emphasise(-1, [], []); // or its own words would be as faint as all others
  showNoWord();
}

// The words of the group that is chosen stand below its name.
function markGroup() {
  byId("groups").querySelectorAll(".members").forEach((list) => list.remove());
  [...byId("groups").children].forEach((item, group) => {
    const button = item.querySelector("button");
    button.setAttribute("aria-pressed", String(group === state.group));
    button.setAttribute("aria-expanded", String(group === state.group));
    if (group === state.group) item.append(membersOf(group, MOST_MEMBERS));
  });
}

function membersOf(group, most) {
  const members = Array.from(words.keys()).filter((word) => groupOf[word] === group);
  const list = element("div", { class: "members" });
  list.append(...members.slice(0, most).map((word) =>
    element("button", { type: "button", onclick: () => choose(word, { fly: true }) }, wordElement(word))));
  if (members.length > most) {
    const rest = `all ${number(members.length)}`;
    list.append(element("button", { type: "button", class: "plain", onclick: () => list.replaceWith(membersOf(group, Infinity)) }, rest));
  }
  return list;
}

// Analogies. Asked once the page is whole: the vectors stand at its end.
const EXAMPLES = [
  ["man", "woman", "king"], ["boy", "girl", "brother"], ["dog", "puppy", "cat"], ["good", "better", "big"], ["one", "two", "first"],
];
const FIELDS = ["analogy-a", "analogy-b", "analogy-c"].map(byId);

function prepareAnalogy() {
  // A word that is chosen leads to the next field; the third one asks.
  FIELDS.forEach((field, place) => combobox(field, () => (FIELDS[place + 1] ? FIELDS[place + 1].select() : loaded.then(askAnalogy))));
  const example = EXAMPLES.find((some) => some.every((word) => findWord(word) >= 0));
  if (example) FIELDS.forEach((field, place) => (field.value = example[place]));
  byId("analogy-help").textContent =
    `The words nearest to second − first + third, computed here over ${ON_THE_MAP}, the three themselves left out.`;
  byId("analogy").addEventListener("submit", (event) => {
    event.preventDefault();
    loaded.then(askAnalogy);
  });
}

function askAnalogy() {
  const unknown = FIELDS.find((field) => findWord(field.value) < 0);
  if (unknown) {
    const text = unknown.value.trim() ? "There is no such word on the map: " : "Three words are needed.";
    byId("answers").replaceChildren(element("p", {}, text, element("bdi", { dir: "auto" }, unknown.value.trim())));
    unknown.focus();
    return;
  }
  const [a, b, c] = FIELDS.map((field) => findWord(field.value));
  showAnalogy([a, b, c], analogyOf(a, b, c, 5));
}

function showAnalogy([a, b, c], answers) {
  byId("answers").replaceChildren(rankedList(answers));
  if (answers.length === 0) return;
  const answer = answers[0].word;
  emphasise(-1, [...new Set([a, b, c, answer])], [[a, b, true], [c, answer, true]]);
  showWords(emphasis.words);
}

// Training: losses as a curve and as a table.
const FRAME = { width: 340, height: 210, left: 44, right: 10, top: 12, bottom: 30 };

function showTraining() {
  const panel = byId("panel-training");
  const curves = ["training", "validation"].map((name) => [name, curveOf(name === "training" ? "loss" : "validation")]);
  const drawn = curves.filter(([, curve]) => curve.length > 0);
  if (drawn.length === 0) {
    panel.replaceChildren(element("h2", {}, "Loss"), element("p", { class: "help" }, "This model has no history of losses."));
    return;
  }
  const rows = facts.history.map(({ epoch, loss, validation }) => [String(epoch), figure(loss), figure(validation)]);
  panel.replaceChildren(
    element("h2", {}, "Loss per epoch"),
    element("p", { class: "help" }, "Mean loss of a pair of words; lower is better. Validation is on documents held out from training."),
    lossCurves(drawn),
    curveKey(drawn),
    tableElement({ columns: ["epoch", "training", "validation"], rows }),
  );
}

const figure = (value) => (value === null ? "–" : value.toFixed(4));
const curveOf = (name) => facts.history.filter((epoch) => epoch[name] !== null).map((epoch) => [epoch.epoch, epoch[name]]);

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

function lossCurves(curves) {
  const all = curves.flatMap(([, curve]) => curve);
  const [first, last] = [Math.min(...all.map(([x]) => x)), Math.max(...all.map(([x]) => x))];
  const ticks = roundTicks(Math.min(...all.map(([, y]) => y)), Math.max(...all.map(([, y]) => y)));
  const [low, high] = [ticks[0], ticks.at(-1)];
  const across = (x) => (first === last ? 0.5 : (x - first) / (last - first)) * (FRAME.width - FRAME.left - FRAME.right - 16) + FRAME.left + 8;
  const up = (y) => FRAME.height - FRAME.bottom - ((y - low) / (high - low)) * (FRAME.height - FRAME.top - FRAME.bottom);
  const said = curves.map(([name, curve]) => `${name} from ${figure(curve[0][1])} to ${figure(curve.at(-1)[1])}`).join(", ");
  return svg(
    "svg",
    { class: "curve", viewBox: `0 0 ${FRAME.width} ${FRAME.height}`, role: "img", "aria-label": `Loss per epoch: ${said}` },
    ...ticks.flatMap((tick) => gridLine(tick, up(tick), ticks[1] - ticks[0])),
    ...epochTicks(first, last).map((epoch) =>
      svg("text", { x: across(epoch), y: FRAME.height - 10, "text-anchor": "middle" }, String(epoch))),
    ...curves.flatMap(([name, curve]) => lossCurve(name, curve.map(([x, y]) => [across(x), up(y)]))),
  );
}

function gridLine(tick, y, step) {
  const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) + 1e-9)));
  const text = step >= 1e5 ? tick.toExponential(1) : tick.toFixed(digits);
  return [
    svg("line", { class: "grid", x1: FRAME.left, x2: FRAME.width - FRAME.right, y1: y, y2: y }),
    svg("text", { x: FRAME.left - 7, y: y + 4, "text-anchor": "end" }, text),
  ];
}

function lossCurve(name, places) {
  const line = svg("path", { class: name, d: `M${places.map((place) => place.map((at) => at.toFixed(1)).join(" ")).join("L")}` });
  if (places.length > 40) return [line];
  return [line, ...places.map(([x, y]) => svg("circle", { class: name, cx: x, cy: y, r: 3 }))];
}

// Round numbers from at most the lowest to at least the highest value, four to seven of them.
function roundTicks(low, high) {
  if (high - low < 1e-9 * Math.max(1, Math.abs(high))) [low, high] = [low - 0.05, high + 0.05];
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const ticks = [];
  for (let at = Math.floor(low / step); at <= Math.ceil(high / step); at++) ticks.push(at * step);
  return ticks;
}

function epochTicks(first, last) {
  const step = Math.max(1, Math.ceil((last - first) / 10));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, place) => first + place * step);
}

function curveKey(curves) {
  const colour = { training: "g0", validation: "g1" };
  return element("ul", { class: "key" }, ...curves.map(([name]) =>
    element("li", {}, element("span", { class: `swatch ${colour[name]}` }), name)));
}

// Tables, which come as text.
function showTables(panel, tables, otherwise) {
  if (tables.length === 0) panel.replaceChildren(element("h2", {}, "Quality"), element("p", { class: "help" }, otherwise));
  else panel.replaceChildren(...tables.flatMap(titledTable));
}

// A note is not said twice in a row.
function titledTable(table, place, tables) {
  const note = table.note && table.note !== tables[place - 1]?.note ? [element("p", { class: "help" }, table.note)] : [];
  return [element("h2", {}, table.title), ...note, tableElement(table)];
}

function tableElement({ columns, rows }) {
  const named = columns[0] === "name";
  const head = element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)));
  const body = rows.map((row) => {
    const total = ["total", "overall"].includes(row[0]) ? { class: "total" } : {};
    return element("tr", total, ...row.map((cell) => element("td", {}, cell)));
  });
  const table = element("table", named ? { class: "named" } : {}, element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { class: "table" }, table);
}
