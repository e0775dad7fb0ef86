// Private writing: saved in place. Only adds: the same form works without this file. What is typed is
// never kept in the browser: it goes to the server when it is saved, or it stays in its box.

const unsaved = new Set();

async function post(form) {
  return fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    credentials: "same-origin",
    signal: AbortSignal.timeout(15000),
    headers: { Accept: "application/json", "X-Requested-With": "understory" },
  });
}

function say(form, words, kind = "") {
  const status = form.querySelector("[data-status]");
  status.textContent = words;
  status.className = `status ${kind}`.trim();
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-private]");
  if (!form) return;
  unsaved.add(form);
  say(form, "");
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-private]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  const box = form.elements.namedItem("text");
  const sent = box.value;
  button.disabled = true;
  say(form, "Saving …", "waiting");
  try {
    const reply = await post(form);
    if (!reply.ok) {
      unsaved.clear();
      form.submit(); // the server's own page says what to do, with the words in it
      return;
    }
    const saved = await reply.json();
    form.elements.namedItem("base").value = saved.base;
    if (box.value === sent) unsaved.delete(form);
    say(form, saved.saved_words, "saved");
    const shown = form.closest("article.entry")?.querySelector(".written");
    if (shown) shown.textContent = sent;
  } catch {
    say(form, "Not saved: the server can’t be reached. Your words stand here; please save again in a moment.", "waiting");
  } finally {
    button.disabled = false;
  }
});

addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});
