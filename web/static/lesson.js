// Lessons: a question turns to its result in place, and the reader comes back to where they were.
// Only adds: the same forms and links work without this file.

async function fetchPage(url, options) {
  const reply = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" }, ...options });
  if ([502, 504].includes(reply.status)) throw new Error("nobody behind the proxy");
  if (!reply.ok && reply.status !== 422) return null;
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

// The question, the progress line and the foot, as the server now has them.
function swap(question, page) {
  const made = page.getElementById(question.id);
  if (!made) return false;
  for (const part of [".lesson-head .progress", ".lesson-foot"]) {
    const fresh = page.querySelector(part);
    if (fresh) document.querySelector(part)?.replaceWith(fresh);
  }
  question.replaceWith(made);
  document.dispatchEvent(new Event("question"));
  made.focus({ preventScroll: true });
  const fits = made.offsetHeight < document.documentElement.clientHeight;
  made.scrollIntoView({ block: fits ? "nearest" : "start" }); // what is said first is seen first
  return true;
}

function say(question, words) {
  const status = question.querySelector("[role=status]");
  if (status) status.textContent = words;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-question]");
  if (!form) return;
  const data = new FormData(form);
  if (!data.getAll("answer").some(Boolean)) return; // the server says what is missing
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const page = await fetchPage(form.action, { method: "POST", body: new URLSearchParams(data) });
    if (!page) form.submit(); // signed out, no room, …: the server's own page says so, and what to do
    else if (!swap(form, page)) location.reload();
  } catch {
    button.disabled = false;
    say(form, "Not saved yet: the server can’t be reached. Your choice stands here; please answer again in a moment.");
  }
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-again]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const page = await fetchPage(link.href);
    if (!page || !swap(link.closest("[data-question]"), page)) location.assign(link.href);
  } catch {
    location.assign(link.href);
  }
});

// Images above the place make the page longer when they come, so it is looked for again then, unless
// the reader has moved meanwhile.
function goBackTo(top) {
  const go = () => scrollTo({ top, behavior: "instant" }), moved = new AbortController();
  for (const what of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(what, () => moved.abort(), { passive: true, signal: moved.signal });
  addEventListener("load", () => { go(); moved.abort(); }, { signal: moved.signal });
  go();
}

// The reading position, for this tab only and never on a shared computer.
const lesson = document.querySelector("[data-lesson][data-keeps-place]");
if (lesson) {
  const key = `place:${location.pathname}`;
  const kept = Number(sessionStorage.getItem(key));
  if (kept > 0 && !location.hash && scrollY === 0 && !document.querySelector("[data-focus]")) goBackTo(kept);
  let waiting = 0;
  addEventListener("scroll", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => sessionStorage.setItem(key, String(Math.round(scrollY))), 200);
  }, { passive: true });
}
