// Reads a lesson aloud with the browser's own voice. Only adds: the button is there only where the
// browser has one. Reads what the lesson says, never a question, its answers or their reasons.

const bar = document.querySelector("[data-listen]");
const article = document.querySelector("article[data-lesson]");
const synth = window.speechSynthesis;
const play = bar?.querySelector("[data-listen-play]");
const stop = bar?.querySelector("[data-listen-stop]");

const blocks = "h1, h2, h3, h4, p, li, tr, figcaption";
const silent = ".question, form, details, nav, .progress, .references, .lesson-foot, .actions, .no-print, [hidden]";

function passages() {
  return [...article.querySelectorAll(blocks)].filter((e) => !e.closest(silent) && !e.querySelector(blocks));
}

// Some voices fall silent in long texts, so a passage is spoken in pieces that end where sentences do.
function pieces(element) {
  const cells = element.matches("tr") ? [...element.children].map((c) => c.textContent.trim()).join("; ") : element.textContent;
  const text = cells.replace(/\s+/g, " ").trim();
  return text.match(/.{1,220}(?:[.!?:;,”’)]+(?=\s|$)|\s|$)|.{1,220}/gu)?.map((piece) => piece.trim()).filter(Boolean) ?? [];
}

let script = []; // {element, text}, in order
let at = 0;
let turn = 0; // what an earlier turn's voice still says is not listened to
let state = "quiet"; // quiet, reading, paused

function mark(element) {
  article.querySelector(".is-spoken")?.classList.remove("is-spoken");
  if (!element) return;
  element.classList.add("is-spoken");
  element.scrollIntoView({ block: "nearest" });
}

function show(next) {
  state = next;
  play.textContent = { quiet: "Listen", reading: "Pause", paused: "Go on" }[state];
  stop.hidden = state === "quiet";
}

function hush() {
  turn++;
  synth.cancel();
}

function end() {
  const hadFocus = document.activeElement === stop;
  hush();
  at = 0;
  mark(null);
  show("quiet");
  if (hadFocus) play.focus();
}

function speak() {
  if (at >= script.length) return end();
  const { element, text } = script[at];
  const mine = turn;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = document.documentElement.lang;
  words.onend = () => {
    if (mine !== turn) return;
    at++;
    speak();
  };
  words.onerror = () => mine === turn && end();
  mark(element);
  synth.speak(words);
}

function listen() {
  if (state === "reading") {
    hush();
    show("paused");
    return;
  }
  if (state === "quiet") script = passages().flatMap((element) => pieces(element).map((text) => ({ element, text })));
  hush();
  show("reading");
  speak();
}

function offer() {
  if (bar.hidden && synth.getVoices().length > 0) bar.hidden = false;
}

if (bar && article && synth) {
  synth.cancel(); // what an earlier page left behind
  play.addEventListener("click", listen);
  stop.addEventListener("click", end);
  addEventListener("pagehide", end);
  article.addEventListener("keydown", (event) => event.key === "Escape" && state !== "quiet" && end());
  synth.addEventListener?.("voiceschanged", offer);
  offer();
}
