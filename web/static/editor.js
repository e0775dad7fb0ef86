// The editor of a draft's file: goes to a line, says where the cursor is, and asks before typed text
// is left behind. Only adds: the form works without this file.

const form = document.querySelector("form[data-editor]");
const text = form?.querySelector("textarea");

function lineStart(line) {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const end = text.value.indexOf("\n", at);
    if (end < 0) break;
    at = end + 1;
  }
  return at;
}

// The line's height is that of the textarea; long lines wrap, so this is near enough to be seen.
function goTo(line, column = 1) {
  const at = Math.min(lineStart(line) + column - 1, text.value.length);
  const end = text.value.indexOf("\n", at);
  text.focus({ preventScroll: true });
  text.setSelectionRange(at, end < 0 ? text.value.length : end);
  const before = text.value.slice(0, at);
  const columns = Math.max(20, Math.floor(text.clientWidth / (parseFloat(getComputedStyle(text).fontSize) * 0.61)));
  const rows = before.split("\n").reduce((sum, part) => sum + Math.max(1, Math.ceil(part.length / columns)), 0);
  text.scrollTop = Math.max(0, (rows - 6) * parseFloat(getComputedStyle(text).lineHeight));
  text.scrollIntoView({ block: "nearest" });
}

if (form) {
  const place = form.querySelector("[data-place]");
  const say = () => {
    const before = text.value.slice(0, text.selectionStart);
    const line = before.split("\n").length;
    place.textContent = `Line ${line}, column ${before.length - before.lastIndexOf("\n")}`;
  };
  document.addEventListener("selectionchange", () => document.activeElement === text && say());
  for (const link of document.querySelectorAll("a[data-line]"))
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      goTo(Number(link.dataset.line), Number(link.dataset.column));
    });
  const line = Number(form.dataset.goTo);
  if (line > 0) goTo(line);

  const asLoaded = text.value;
  let sending = false;
  form.addEventListener("submit", () => (sending = true));
  form.addEventListener("unsent", () => (sending = false));
  addEventListener("beforeunload", (event) => {
    if (!sending && text.value !== asLoaded) event.preventDefault();
  });
}
