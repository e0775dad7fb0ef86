// Putting things in order with buttons: Up and Down beside each entry instead of its place in a
// select. The selects stay underneath, hold the places and send them; so this file only adds. They are
// filled with the first move: an order that nobody touched is no answer.

const words = (entry) => entry.querySelector("[data-words]").textContent.trim();
const ordinal = (n) => `${n}${{ 1: "st", 2: "nd", 3: "rd" }[n] ?? "th"}`;
const entriesOf = (list) => [...list.querySelectorAll(":scope > .entry")];

function number(list) {
  const entries = entriesOf(list);
  entries.forEach((entry, i) => {
    entry.querySelector(".place").textContent = ordinal(i + 1);
    const [up, down] = entry.querySelectorAll("button");
    up.setAttribute("aria-disabled", String(i === 0));
    down.setAttribute("aria-disabled", String(i === entries.length - 1));
  });
}

/** The selects say what is seen. */
function settle(list) {
  entriesOf(list).forEach((entry, i) => {
    entry.querySelector("select").value = `${entry.dataset.number}:${i + 1}`;
  });
}

/** What is seen says what the selects hold, when they hold a whole order. */
function arrange(list) {
  const place = (entry) => Number(entry.querySelector("select").value.split(":")[1] ?? 0);
  const entries = entriesOf(list);
  if (new Set(entries.map(place)).size === entries.length && entries.every(place))
    list.append(...entries.sort((a, b) => place(a) - place(b)));
  number(list);
}

function move(entry, by, button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const list = entry.parentElement;
  if (by < 0) entry.previousElementSibling.before(entry);
  else entry.nextElementSibling.after(entry);
  button.focus(); // moving takes the focus away in some browsers
  number(list);
  settle(list);
  const entries = entriesOf(list);
  list.nextElementSibling.textContent = `“${words(entry)}” is now ${ordinal(entries.indexOf(entry) + 1)} of ${entries.length}.`;
  entry.querySelector("select").dispatchEvent(new Event("change", { bubbles: true }));
}

function makeButton(entry, label, sign, by) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = sign;
  button.setAttribute("aria-label", `${label}: ${words(entry)}`);
  button.addEventListener("click", () => move(entry, by, button));
  return button;
}

function enhance(list) {
  if (list.dataset.order === "buttons") return;
  list.dataset.order = "buttons";
  for (const entry of entriesOf(list)) {
    const place = document.createElement("span");
    place.className = "place";
    entry.prepend(place);
    const select = entry.querySelector("select");
    select.hidden = true;
    select.required = false; // the server says when nothing was moved
    const moves = document.createElement("span");
    moves.className = "moves";
    moves.append(makeButton(entry, "Move up", "↑", -1), makeButton(entry, "Move down", "↓", 1));
    entry.append(moves);
  }
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  list.after(said);
  list.addEventListener("arrange", () => arrange(list));
  arrange(list);
}

const enhanceAll = () => document.querySelectorAll("[data-order]").forEach(enhance);
enhanceAll();
document.addEventListener("question", enhanceAll); // a question came into the page
