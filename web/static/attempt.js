// The learning check: each answer is saved as it is given. What cannot be saved yet waits in an
// outbox under the person's own key (in memory only on a shared computer) and is sent again in
// order. Only adds: the same forms work without this file.

const root = document.querySelector("[data-attempt]");
const { attempt, save, reload, person } = root.dataset;
const keeps = "keeps" in root.dataset;
const key = `unsent-answers:${person}`;
let token = root.querySelector("input[name=form_token]").value;

// ---- the outbox: {op, attempt, save, item, answer, held}, oldest first ----

let memory = [];

function outbox() {
  if (!keeps) return memory;
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return memory;
  }
}

function setOutbox(entries) {
  memory = entries;
  root.dataset.waiting = entries.length; // for signing out, in site.js
  if (!keeps) return;
  try {
    if (entries.length) localStorage.setItem(key, JSON.stringify(entries));
    else localStorage.removeItem(key);
  } catch {
    // no room or no storage: memory holds them while the page is open
  }
}

const isOf = (item) => (entry) => entry.attempt === attempt && entry.item === item;
const waitingFor = (item) => outbox().findLast(isOf(item));
const drop = (op) => setOutbox(outbox().filter((entry) => entry.op !== op));

const inFlight = new Set();

function newOperation() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// An earlier choice for the same question that never left gives way to the later one.
function put(item, answer) {
  const rest = outbox().filter((entry) => !isOf(item)(entry) || inFlight.has(entry.op));
  setOutbox([...rest, { op: newOperation(), attempt, save, item, answer }]);
}

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

function markAnswered(item, whole) {
  const number = Number(place(item)?.dataset.number);
  const row = document.querySelector(`.path > li:nth-child(${number || 0})`);
  if (row) {
    row.classList.toggle("is-done", whole);
    row.querySelector(".meta").textContent = whole ? "Answered" : "Answered in part";
  }
  const rows = document.querySelectorAll(".path > li");
  const done = document.querySelectorAll(".path > li.is-done").length;
  const words = document.querySelector("[data-answered]");
  if (words && rows.length) {
    words.textContent = `${done} of ${rows.length} answered`;
    words.nextElementSibling.value = done;
  }
}

const note = root.querySelector("[data-unsent]");

function tell(heading, text) {
  const words = document.createElement("span");
  words.className = "word";
  words.textContent = heading;
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  note.replaceChildren(words, paragraph);
  note.hidden = false;
  tellsUnsent = false;
}

// What waits, said once for the whole page: also for questions that are not on it.
let tellsUnsent = false;

function tellUnsent(why) {
  const count = outbox().filter((entry) => entry.attempt === attempt).length;
  note.hidden = count === 0;
  if (count === 0) return;
  tell(
    count === 1 ? "One answer has not reached the server yet" : `${count} answers have not reached the server yet`,
    why ?? (keeps
      ? "It is kept on this device and sent as soon as the server can be reached."
      : "It is kept on this page only, so please leave the page open until it is saved."),
  );
  tellsUnsent = true;
}

// One operation id, two answers: both in words, and the person says which one stands.
function offerBoth(entry) {
  const status = place(entry.item)?.querySelector("[data-status]");
  if (!status) return;
  const choose = (label, answer) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      drop(entry.op);
      put(entry.item, answer);
      show(entry.item, answer);
      say(entry.item, "Saving …", "waiting");
      drain();
    });
    return button;
  };
  status.className = "status waiting";
  status.replaceChildren(
    `This question was answered before with ${entry.held.saved.words}; here it is ${entry.held.yours.words}. `,
    choose("Keep what was saved", entry.held.saved.answer),
    " ",
    choose("Save what stands here", entry.held.yours.answer),
  );
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

async function refreshToken() {
  const reply = await fetch(reload, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!reply.ok) return false;
  token = (await reply.json()).page?.form_token ?? token;
  return true;
}

async function post(entry) {
  const body = new URLSearchParams({ item: entry.item, op_id: entry.op });
  for (const number of entry.answer.split(",")) body.append("answer", number);
  return fetch(entry.save, {
    method: "POST",
    body,
    credentials: "same-origin",
    keepalive: true,
    signal: AbortSignal.timeout(15000),
    headers: { Accept: "application/json", "X-Form-Token": token, "X-Requested-With": "understory" },
  });
}

// True when the entry is settled and the next may go; false when sending has to wait.
async function settle(entry, reply) {
  const body = await reply.json().catch(() => ({}));
  const here = entry.attempt === attempt;
  if (reply.ok) {
    drop(entry.op);
    if (here) {
      const question = place(entry.item);
      if (question) question.dataset.answer = body.answer;
      if (!waitingFor(entry.item)) say(entry.item, body.saved_at_words, "saved");
      markAnswered(entry.item, body.is_whole);
    }
    return true;
  }
  if (reply.status === 409 && body.saved) {
    entry.held = { saved: body.saved, yours: body.yours };
    setOutbox(outbox().map((e) => (e.op === entry.op ? entry : e)));
    if (here) offerBoth(entry);
    return true;
  }
  if (reply.status === 409 || reply.status === 404 || reply.status === 422) {
    drop(entry.op);
    const words = body.errors?.[0]?.message ?? body.detail ?? "This answer was not added.";
    if (here) {
      say(entry.item, words, "waiting");
      if (reply.status !== 422) tell("That answer was not added", words);
    }
    return true;
  }
  if (reply.status === 401)
    tellUnsent(keeps
      ? "You have been signed out. What you chose is kept on this device: sign in again in another tab, then come back here."
      : "You have been signed out. Sign in again in another tab, then come back to this page; it has kept what you chose.");
  return false;
}

let sending = null;
let pause = 1000;
let retry = 0;
let refreshed = false;

async function sendAll() {
  for (;;) {
    const entry = outbox().find((e) => !e.held);
    if (!entry) return true;
    inFlight.add(entry.op);
    try {
      let reply = await post(entry);
      if (reply.status === 403 && !refreshed && (refreshed = await refreshToken())) reply = await post(entry);
      if (!(await settle(entry, reply))) return false;
      pause = 1000;
      refreshed = false;
    } catch {
      return false;
    } finally {
      inFlight.delete(entry.op);
    }
  }
}

function drain() {
  clearTimeout(retry);
  sending ??= (async () => {
    const sent = await sendAll();
    sending = null;
    const waiting = outbox().filter((e) => !e.held);
    if (sent && waiting.length) return drain();
    if (!sent) {
      for (const entry of waiting) if (entry.attempt === attempt) say(entry.item, notYet, "waiting");
      if (note.hidden) tellUnsent();
      retry = setTimeout(drain, pause);
      pause = Math.min(pause * 2, 30000);
    } else if (tellsUnsent) {
      tellUnsent();
    }
    return sent;
  })();
  return sending;
}

// ---- what the person does ----

function take(question) {
  const answer = chosen(question);
  const item = question.dataset.item;
  if (!answer) {
    if (question.dataset.answer) say(item, "Choose at least one; until then the answer saved before stands.", "waiting");
    return;
  }
  const waits = waitingFor(item);
  if (waits ? waits.answer === answer : question.dataset.answer === answer) return;
  put(item, answer);
  say(item, "Saving …", "waiting");
}

root.addEventListener("change", (event) => {
  const question = event.target.closest("[data-item]");
  if (!question || event.target.closest("ul.options") === null) return;
  if (question.querySelector("[data-order]") && !chosen(question)) return; // places are still missing
  take(question);
  drain();
});

async function goOn(event, questions, next) {
  event.preventDefault();
  questions.forEach(take);
  await drain();
  const left = outbox().filter((entry) => entry.attempt === attempt);
  const blocking = questions.some((q) => left.some(isOf(q.dataset.item)));
  if (!blocking) location.assign(next);
  else tellUnsent();
}

root.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-item]")) {
    if (chosen(form)) goOn(event, [form], form.dataset.next);
  } else if (form.matches("form[data-all]")) {
    goOn(event, [...form.querySelectorAll("[data-item]")], form.dataset.next);
  } else if (form.matches("form[data-hand-in]") && outbox().some((e) => e.attempt === attempt)) {
    event.preventDefault();
    drain().then(() => {
      if (!outbox().some((e) => e.attempt === attempt)) form.submit();
      else tellUnsent();
    });
  }
});

addEventListener("online", drain);
document.addEventListener("unsent:send", drain);
document.addEventListener("unsent:forget", () => setOutbox([]));
addEventListener("visibilitychange", () => document.visibilityState === "visible" && outbox().length && drain());
addEventListener("beforeunload", (event) => {
  if (!keeps && outbox().length) event.preventDefault();
});

// What an earlier page could not send.
const left = outbox();
for (const entry of left.filter((e) => e.attempt === attempt)) {
  show(entry.item, entry.answer);
  if (entry.held) offerBoth(entry);
  else say(entry.item, notYet, "waiting");
}
if (left.length) {
  const onReview = "review" in root.dataset;
  drain().then((sent) => {
    if (sent && onReview && left.some((e) => e.attempt === attempt && !e.held)) location.reload();
  });
}
