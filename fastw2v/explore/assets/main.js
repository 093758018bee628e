// The parts put together: choosing and letting go, colours, keys that work everywhere.

const dark = matchMedia("(prefers-color-scheme: dark)");
const SAID = {
  pca: "PCA: the two directions in which words differ most,",
  umap: "UMAP: words that are near in the model are kept near. Far ones say little: how far apart two clouds lie means nothing.",
  tsne: "t-SNE: words that are near in the model are kept near. Far ones say little: how far apart two clouds lie means nothing.",
};

// Let some words stand out. chosen: the one among them that is in the middle of it, or -1.
function emphasise(word, some, links) {
  state.word = word;
  state.hovered = -1;
  Object.assign(emphasis, { words: some, links });
  redraw();
}

function choose(word, { fly = false } = {}) {
  // The neighbours stand at the end of the page.
  loaded.then(() => {
    const near = neighboursOf(word);
    const shown = near.map((one) => one.word).filter((other) => other < words.length);
    emphasise(word, [word, ...shown], shown.map((other) => [word, other, false]));
    showWord(word, near);
    showTab("word");
    say(`${nameOf(word)}. Nearest: ${near.slice(0, 5).map((one) => `${nameOf(one.word)} ${one.cosine.toFixed(2)}`).join(", ")}`);
    if (fly) showWords(emphasis.words);
  });
}

function letGo() {
  state.group = -1;
  markGroup();
  emphasise(-1, [], []);
  showNoWord();
  say("Nothing is chosen.");
}

const say = (text) => (byId("status").textContent = text);

function setTheme(isDark) {
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(isDark));
  readColours();
}

function hover(place) {
  const word = place ? wordAt(place, 12) : -1;
  canvas.classList.toggle("pointing", word >= 0);
  if (word === state.hovered) return;
  state.hovered = word;
  redraw();
}

function chooseAt(place, reach) {
  const word = wordAt(place, reach);
  if (word >= 0) choose(word);
  else letGo();
}

// By keyboard one aims with a cross in the middle of the map.
function chooseInTheMiddle() {
  const word = wordAt({ x: view.width / 2, y: view.height / 2 }, Infinity);
  if (word >= 0) choose(word);
}

function aim(isAiming) {
  state.aiming = isAiming;
  redraw();
}

function pressedAnywhere(event) {
  if (event.key === "Escape") letGo();
  const typing = event.target.matches("input");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    byId("search").focus();
    byId("search").select();
  }
}

function held(share) {
  const better = share < 0.5 ? "; so is --projection\u00a0umap" : "";
  return ` ${Math.round(share * 100)} % of the variance. The lists are truer${better}.`;
}

function describe() {
  const { epoch } = facts.history.at(-1) ?? { epoch: 0 };
  const parts = [`${number(facts.vocabulary)} words`, `${number(facts.dimensions)} dimensions`];
  if (epoch) parts.push(`${number(epoch)} ${epoch === 1 ? "epoch" : "epochs"}`);
  if (!ALL_WORDS) parts.push(`the ${number(words.length)} most frequent on the map`);
  byId("size").textContent = parts.join(" · ");
  byId("note").textContent = SAID[facts.projection] + (facts.share === null ? "" : held(facts.share));
}

function listen() {
  combobox(byId("search"), (word) => choose(word, { fly: true }));
  listenToPointers(chooseAt, hover);
  listenToKeys(chooseInTheMiddle);
  listenToTabs();
  canvas.addEventListener("focus", () => aim(canvas.matches(":focus-visible")));
  canvas.addEventListener("blur", () => aim(false));
  document.addEventListener("keydown", pressedAnywhere);
  byId("nearer").addEventListener("click", () => zoomBy(1.6));
  byId("farther").addEventListener("click", () => zoomBy(1 / 1.6));
  byId("whole").addEventListener("click", showWhole);
  byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme !== "dark"));
  dark.addEventListener("change", () => setTheme(dark.matches));
  new ResizeObserver(resize).observe(canvas);
}

listen();
resize();
describe();
setTheme(dark.matches);
showTab("word");
showNoWord();
showGroups();
prepareAnalogy();
showTraining();
showTables(byId("panel-quality"), facts.judgement,
  "Nothing was judged. Made with --evaluate FILE, this page shows how well the model agrees with people, or solves analogies.");
showTables(byId("panel-model"), facts.description, "");
