// The learning check: each answer is saved as it is given, or waits in the outbox. Two tabs of it take
// turns, and of two answers to one question the person says which one stands. Only adds: the same forms
// work without this file.
import { openOutbox } from "./outbox.js";
import { claim } from "./claim.js";

const root = document.querySelector("[data-attempt]");
const { attempt, save, reload, person } = root.dataset;
const keeps = "keeps" in root.dataset;
let token = root.querySelector("input[name=form_token]").value;

const outbox = openOutbox({ person, keeps, send, told, changed: (n) => (root.dataset.waiting = n) }); // for site.js
const waitingFor = (item) => outbox.of(attempt, item).at(-1);

// ---- the page ----

const place = (item) => root.querySelector(`[data-item="${CSS.escape(item)}"]`);
const inputsOf = (question) => [...question.querySelectorAll("ul.options input")];
const selectsOf = (question) => [...question.querySelectorAll("ul.options select")];

/** The answer as the server writes it: "1,3"; an order "3,1,2"; pairs "1:2,2:1". "" when there is none. */
function chosen(question) {
  const values = selectsOf(question).map((s) => s.value).filter(Boolean);
  if (question.querySelector("[data-match]")) return values.sort().join(",");
  if (!question.querySelector("[data-order]"))
    return inputsOf(question).filter((i) => i.checked).map((i) => Number(i.value)).sort().join(",");
  const places = values.map((v) => v.split(":")).sort((a, b) => a[1] - b[1]);
  const whole = places.length === selectsOf(question).length && places.every((p, i) => Number(p[1]) === i + 1);
  return whole ? places.map((p) => p[0]).join(",") : "";
}
const notYet = keeps ? "Not saved yet; kept on this device." : "Not saved yet. Please keep this page open.";

function say(item, words, kind = "") {
  const status = place(item)?.querySelector("[data-status]");
  if (!status) return;
  status.textContent = words;
  status.className = `status ${kind}`.trim();
}

function markAnswered(item, whole, begun) {
  const number = Number(place(item)?.dataset.number);
  const row = document.querySelector(`.path > li:nth-child(${number || 0})`);
  if (row) {
    row.classList.toggle("is-done", whole);
    row.querySelector(".meta").textContent = whole ? "Answered" : begun ? "Answered in part" : "Not answered yet";
  }
  const rows = document.querySelectorAll(".path > li");
  const done = document.querySelectorAll(".path > li.is-done").length;
  const words = document.querySelector("[data-answered]");
  if (words && rows.length) {
    words.textContent = `${done} of ${rows.length} answered`;
    words.nextElementSibling.value = done;
  }
}

// ---- one line for the whole page ----

const line = root.querySelector("[data-unsent]");
let lineIsAbout = ""; // "sending" goes away by itself

function element(name, text, more = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  return Object.assign(made, more);
}

function tell(about, heading, ...more) {
  const paragraph = document.createElement("p");
  const note = document.createElement("div");
  paragraph.append(...more);
  note.className = "note warn";
  note.append(element("span", heading, { className: "word" }), paragraph);
  line.replaceChildren(note);
  lineIsAbout = about;
}

const reasons = {
  away: () => (navigator.onLine ? "The server can’t be reached." : "You are offline."),
  full: () => "The server has no room to save just now.",
  busy: () => "The server is busy just now.",
  refused: () => "The server did not take an answer.",
  "signed-out": () => "You have been signed out.",
};

function keptWords(count, then) {
  const what = count === 1 ? "One answer is" : count > 1 ? `${count} answers are` : "Your answers are";
  return keeps ? `${what} kept on this device and will be sent${then}.` : `${what} kept on this page only: please keep it open until all is saved.`;
}

function tellUnsent(why) {
  const waiting = outbox.of(attempt).filter((e) => !e.held).length;
  if (why !== "signed-out") return tell("sending", reasons[why](), keptWords(waiting, ""));
  const back = encodeURIComponent(location.pathname + location.search);
  const link = element("a", "Sign in again", { href: `/sign-in?return_to=${back}` });
  if (!keeps) Object.assign(link, { target: "_blank", rel: "noopener" }); // this page holds the answers
  return tell("sending", reasons[why](), keptWords(waiting, " when you are back"), " ", link);
}

/** Questions with two answers that are not on this page. */
function tellHeld() {
  const held = outbox.of(attempt).filter((e) => e.held && !place(e.item));
  if (held.length)
    tell("held", "Two answers to one question", "Another answer was saved since. ", element("a", "Choose which one stands", { href: `${reload}?view=all` }));
  return held.length > 0;
}

/** A round of sending has ended: `later` says why not all has gone. */
function told(later) {
  if (later) {
    for (const entry of outbox.of(attempt)) if (!entry.held) say(entry.item, notYet, "waiting");
    tellUnsent(later.why);
  } else if (!tellHeld() && lineIsAbout === "sending") {
    line.replaceChildren();
    lineIsAbout = "";
  }
}

// ---- two answers to one question ----

function offerBoth(entry) {
  const status = place(entry.item)?.querySelector("[data-status]");
  if (!status) return tellHeld();
  const { saved, yours } = entry.held;
  const choose = (label, act) => element("button", label, {
    type: "button",
    onclick: () => {
      outbox.drop(entry.op);
      place(entry.item).dataset.answer = saved.answer;
      act();
    },
  });
  const actions = element("span", "", { className: "actions" });
  actions.append(
    choose("Keep what was saved", () => {
      show(entry.item, saved.answer);
      say(entry.item, "What was saved stands.", "saved");
    }),
    choose("Save what stands here", () => {
      show(entry.item, yours.answer);
      take(place(entry.item));
      outbox.drain();
    }),
  );
  status.className = "status waiting";
  status.replaceChildren(`Another answer was saved since: ${saved.words}. Here it is ${yours.words}.`, actions);
  return true;
}

function show(item, answer) {
  const question = place(item);
  if (!question) return;
  const parts = answer.split(",");
  const order = question.querySelector("[data-order]");
  const values = order ? parts.map((number, i) => `${number}:${i + 1}`) : parts;
  for (const input of inputsOf(question)) input.checked = values.includes(input.value);
  for (const select of selectsOf(question))
    select.value = [...select.options].map((o) => o.value).find((v) => v && values.includes(v)) ?? "";
  order?.dispatchEvent(new Event("arrange"));
}

// ---- sending ----

async function post(entry) {
  const body = new URLSearchParams({ item: entry.item, op_id: entry.op });
  if (entry.was) body.append("was", entry.was);
  for (const part of entry.answer.split(",")) body.append("answer", part);
  return fetch(entry.save, {
    method: "POST",
    body,
    credentials: "same-origin",
    keepalive: true,
    signal: AbortSignal.timeout(15000),
    headers: { Accept: "application/json", "X-Form-Token": token, "X-Requested-With": "understory" },
  });
}

/** What the server has now: the session's token, and answers given elsewhere where none waits here. */
async function refresh() {
  const reply = await fetch(`${reload}?view=all`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!reply.ok) return false;
  const view = await reply.json();
  token = view.page?.form_token ?? token;
  if (!view.map) {
    location.assign(reload); // handed in since
    return true;
  }
  for (const q of view.items) {
    const question = place(q.item);
    if (!question || waitingFor(q.item)) continue;
    question.dataset.answer = q.answer;
    show(q.item, q.answer);
    say(q.item, q.saved_words, q.saved_words ? "saved" : "");
    markAnswered(q.item, view.map[q.number - 1].is_answered, q.answer !== "");
  }
  return true;
}

function saved(entry, body) {
  outbox.drop(entry.op);
  if (entry.attempt !== attempt) return;
  const question = place(entry.item);
  if (question) question.dataset.answer = body.answer;
  if (!waitingFor(entry.item)) say(entry.item, body.saved_at_words, "saved");
  markAnswered(entry.item, body.is_whole, true);
}

function notAdded(entry, status, body) {
  outbox.drop(entry.op);
  if (entry.attempt !== attempt) return;
  const words = body.errors?.[0]?.message ?? body.detail ?? "This answer was not added.";
  say(entry.item, words, "waiting");
  if (status !== 422) tell("refused", "That answer was not added", words);
}

const laters = { 401: "signed-out", 403: "refused", 503: "busy", 507: "full" };

/** Settles an entry, or says why that has to wait. */
async function send(entry) {
  let reply = await post(entry);
  if (reply.status === 403 && (await refresh())) reply = await post(entry); // signed in anew since
  const body = await reply.json().catch(() => ({}));
  if (reply.ok) return saved(entry, body);
  if (reply.status === 409 && body.saved) {
    entry.held = { saved: body.saved, yours: body.yours };
    outbox.hold(entry.op, entry.held);
    if (entry.attempt === attempt) offerBoth(entry);
    return undefined;
  }
  if ([404, 409, 422].includes(reply.status)) return notAdded(entry, reply.status, body);
  return { why: laters[reply.status] ?? "away", after: 1000 * (Number(reply.headers.get("Retry-After")) || 0) };
}

// ---- what the person does ----

function take(question) {
  const answer = chosen(question);
  const item = question.dataset.item;
  const known = question.dataset.answer;
  if (!answer) {
    if (known) say(item, "Choose at least one; until then the answer saved before stands.", "waiting");
    return;
  }
  const waits = waitingFor(item);
  if (waits && !waits.held ? waits.answer === answer : known === answer) return;
  outbox.put({ attempt, save, item, answer, known: known || "none" });
  say(item, "Saving …", "waiting");
}

root.addEventListener("change", (event) => {
  const question = event.target.closest("[data-item]");
  if (!question || event.target.closest("ul.options") === null) return;
  if (question.querySelector("[data-order]") && !chosen(question)) return; // places are still missing
  take(question);
  outbox.drain();
});

async function goOn(event, questions, next) {
  event.preventDefault();
  questions.forEach(take);
  await outbox.drain();
  if (!questions.some((q) => waitingFor(q.dataset.item))) location.assign(next);
}

root.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-item]")) {
    if (chosen(form)) goOn(event, [form], form.dataset.next);
  } else if (form.matches("form[data-all]")) {
    goOn(event, [...form.querySelectorAll("[data-item]")], form.dataset.next);
  } else if (form.matches("form[data-hand-in]") && outbox.of(attempt).length) {
    event.preventDefault();
    outbox.drain().then(() => outbox.of(attempt).length || form.submit());
  }
});

addEventListener("online", outbox.drain);
addEventListener("offline", () => tellUnsent("away"));
document.addEventListener("unsent:send", outbox.drain);
document.addEventListener("unsent:forget", outbox.forget);
addEventListener("visibilitychange", () => document.visibilityState === "visible" && outbox.entries().length && outbox.drain());
addEventListener("pageshow", (event) => event.persisted && location.reload());
addEventListener("beforeunload", (event) => {
  if (!keeps && outbox.entries().length) event.preventDefault();
});

// ---- one tab at a time ----

const elsewhere = root.querySelector("[data-elsewhere]");

function setReadOnly(on) {
  for (const part of root.querySelectorAll("fieldset, form button[type=submit]")) part.disabled = on;
  outbox.silence(on);
}

function tellElsewhere(from) {
  const note = element("div", "", { className: "note warn" });
  const words = from === "here" ? "You went on in another tab. This one can only be read." : "These questions are open in another tab. This one can only be read.";
  note.append(element("span", "Open in another tab", { className: "word" }), element("p", words), element("button", "Go on here instead", { type: "button", onclick: takeOver }));
  elsewhere.replaceChildren(note);
}

const takeOver = claim(`attempt:${attempt}`, {
  taken(from) {
    setReadOnly(true);
    tellElsewhere(from);
  },
  async mine(again) {
    if (!again) return;
    elsewhere.replaceChildren();
    setReadOnly(false);
    await refresh().catch(() => {});
    document.getElementById("main").focus();
    outbox.drain();
  },
});

// What an earlier page could not send.
const left = outbox.of(attempt);
for (const entry of left) {
  show(entry.item, entry.answer);
  if (entry.held) offerBoth(entry);
  else say(entry.item, notYet, "waiting");
}
if (outbox.entries().length) {
  root.dataset.waiting = outbox.entries().length;
  const onReview = "review" in root.dataset;
  outbox.drain().then((sent) => {
    if (sent && onReview && left.some((e) => !e.held)) location.reload();
  });
}
if (!navigator.onLine) tellUnsent("away");
