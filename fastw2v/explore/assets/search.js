// A field that suggests words as one types: a combobox with a list, by keyboard or by pointer.

const lowered = words.map((word) => word.toLowerCase());
const wordNumbers = new Map(words.map((word, number) => [word, number]).reverse());
const MOST_CHOICES = 8;

// Composed, with straight apostrophes, in lower case: as text is read before training.
function normalised(text) {
  return text.trim().normalize("NFC").replace(/[\u2019\u02bc]/g, "'").replace(/\u00ad/g, "").toLowerCase();
}

// The word as it is written, else normalised; -1 for none.
function findWord(text) {
  const exact = wordNumbers.get(text) ?? wordNumbers.get(text.trim());
  return exact ?? wordNumbers.get(normalised(text)) ?? -1;
}

// Itself first, then words that begin so, then words that hold it; each in order of frequency.
function suggestions(text) {
  const wanted = normalised(text);
  if (!wanted) return [];
  const itself = findWord(text);
  const found = itself >= 0 ? [itself] : [];
  for (const fits of [(word) => word.startsWith(wanted), (word) => word.includes(wanted)]) {
    for (let word = 0; word < lowered.length && found.length < MOST_CHOICES; word++) {
      if (fits(lowered[word]) && !found.includes(word)) found.push(word);
    }
  }
  return found;
}

function combobox(input, onChoose) {
  const list = element("ul", { class: "choices", role: "listbox", id: `${input.id}-choices`, "aria-label": "Words" });
  const box = { input, list, found: [], active: -1, onChoose };
  const attributes = {
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off",
    autocapitalize: "none", spellcheck: "false", dir: "auto",
  };
  Object.entries(attributes).forEach(([name, value]) => input.setAttribute(name, value));
  list.hidden = true;
  input.after(list);
  input.parentElement.classList.add("combo");
  input.addEventListener("input", () => open(box));
  input.addEventListener("blur", () => close(box));
  input.addEventListener("keydown", (event) => pressed(box, event));
  return box;
}

function open(box) {
  box.found = suggestions(box.input.value);
  const none = element("li", {}, "No such word on the map");
  box.list.replaceChildren(...box.found.map((word, place) => choice(box, word, place)));
  if (box.found.length === 0) box.list.append(none);
  box.list.hidden = box.input.value.trim() === "";
  box.input.setAttribute("aria-expanded", String(!box.list.hidden));
  activate(box, box.found.length > 0 ? 0 : -1);
}

function choice(box, word, place) {
  const item = element("li", { role: "option", id: `${box.list.id}-${place}` });
  item.append(element("span", { class: `swatch g${groupOf[word]}` }), wordElement(word));
  // Pressing must not take the focus from the field, which would close the list before the click.
  item.addEventListener("pointerdown", (event) => event.preventDefault());
  item.addEventListener("click", () => settle(box, word));
  return item;
}

function activate(box, place) {
  box.active = place;
  [...box.list.children].forEach((item, at) => {
    if (box.found.length > 0) item.setAttribute("aria-selected", String(at === place));
  });
  if (place >= 0) box.input.setAttribute("aria-activedescendant", `${box.list.id}-${place}`);
  else box.input.removeAttribute("aria-activedescendant");
}

function settle(box, word) {
  box.input.value = nameOf(word);
  close(box);
  box.onChoose(word);
}

function close(box) {
  box.list.hidden = true;
  box.input.setAttribute("aria-expanded", "false");
  activate(box, -1);
}

function pressed(box, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    if (box.list.hidden) open(box);
    else if (box.found.length > 0) activate(box, (box.active + step + box.found.length) % box.found.length);
  } else if (event.key === "Enter" && !box.list.hidden && box.active >= 0) {
    event.preventDefault();
    settle(box, box.found[box.active]);
  } else if (event.key === "Escape" && !box.list.hidden) {
    event.stopPropagation();
    close(box);
  }
}
