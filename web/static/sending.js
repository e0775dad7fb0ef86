// A form on its way: a second click sends it no second time, and words are not sent where nobody
// answers. When the server can't be reached the page stays as it is, with all that was typed; and a
// commitment that was typed is not left behind unasked. Forms that another file sends are its own.
// Only adds: without this file forms go as they are.

const PAUSE = 10000; // ms; a form that did not lead away may be sent again
const typed = "textarea, select, input:not([type]), input[type=text], input[type=date], input[type=file]";
const onItsWay = new Set();
const asked = new WeakSet(); // the server answered a moment ago
const unsaved = new Set(); // commitments that were typed and not sent

async function answers() {
  try {
    const reply = await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PAUSE) });
    return reply.status < 500;
  } catch {
    return false;
  }
}

function tell(form) {
  form.querySelector("[data-unsent]")?.remove();
  const words = document.createElement("p");
  words.className = "status waiting";
  words.dataset.unsent = "";
  words.setAttribute("role", "alert");
  words.textContent = "Not sent: the server can’t be reached. What you typed stands here; please send it again in a moment.";
  form.append(words);
}

async function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (asked.delete(form)) {
    unsaved.delete(form);
    return;
  }
  if (onItsWay.has(form)) {
    event.preventDefault();
    return;
  }
  onItsWay.add(form);
  const later = setTimeout(() => onItsWay.delete(form), 2 * PAUSE);
  if (!form.querySelector(typed)) return;
  event.preventDefault();
  if (await answers()) {
    asked.add(form);
    form.requestSubmit(event.submitter);
    return;
  }
  clearTimeout(later);
  onItsWay.delete(form);
  form.dispatchEvent(new Event("unsent"));
  tell(form);
}

function onInput(event) {
  const form = event.target.closest("form.private:not([data-private])");
  if (form) unsaved.add(form);
}

function onLeave(event) {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
}

export function watchForms() {
  window.addEventListener("submit", onSubmit); // on the window: whatever else listens has had its say
  window.addEventListener("input", onInput);
  window.addEventListener("beforeunload", onLeave);
  window.addEventListener("pageshow", () => onItsWay.clear()); // back from where it led
}
