// Only adds: every page works without this file.
import { watchForms } from "./sending.js";

watchForms();

// The error summary is read out first. (autofocus does the same where it works.)
document.querySelector("[data-focus]")?.focus();

// Menus close on Escape, on a click elsewhere and when the focus leaves.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  const close = () => menu.removeAttribute("open");
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      close();
      menu.querySelector("summary").focus();
    }
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) close();
  });
}

// <form data-sign-out="person">: signing out forgets the answers that attempt.js keeps on this device
// and could not send yet, so it says so first.
const attemptPage = document.querySelector("[data-attempt]");

function storedAnswers(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

function forgetAnswers(key) {
  document.dispatchEvent(new Event("unsent:forget"));
  try {
    localStorage.removeItem(key);
  } catch {
    // no storage: nothing is in it
  }
}

function makeButton(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

function warnOfUnsent(form, key, count) {
  const ask = form.querySelector("button[type=submit]");
  const warning = document.createElement("div");
  const words = document.createElement("p");
  words.textContent = count === 1
    ? "One answer has not reached the server yet. Signing out removes it from this device."
    : `${count} answers have not reached the server yet. Signing out removes them from this device.`;
  const stay = makeButton("Stay and send them", () => {
    const [first] = storedAnswers(key);
    warning.remove();
    ask.hidden = false;
    form.closest("details")?.removeAttribute("open");
    if (!attemptPage && first) return location.assign(`/attempts/${encodeURIComponent(first.attempt)}`);
    document.dispatchEvent(new Event("unsent:send"));
    return document.getElementById("main").focus();
  });
  const leave = makeButton("Sign out anyway", () => {
    forgetAnswers(key);
    form.submit();
  });
  warning.className = "note warn";
  warning.setAttribute("role", "group");
  warning.setAttribute("aria-label", words.textContent);
  warning.append(words, stay, leave);
  form.append(warning);
  ask.hidden = true;
  stay.focus();
}

for (const form of document.querySelectorAll("form[data-sign-out]")) {
  const key = `unsent-answers:${form.dataset.signOut}`;
  form.addEventListener("submit", (event) => {
    const count = Math.max(attemptPage?.dataset.waiting ?? 0, storedAnswers(key).length);
    if (!count) return;
    event.preventDefault();
    warnOfUnsent(form, key, count);
  });
}

// <button data-copy="text" hidden>: shown only where copying can work; says that it did.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select the link and copy it";
    }
    setTimeout(() => (button.textContent = words), 4000);
  });
}

// <button data-print hidden>
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// <input type="checkbox" data-shows="id"> shows what is typed in a password field.
for (const box of document.querySelectorAll("input[data-shows]")) {
  const field = document.getElementById(box.dataset.shows);
  if (!field) continue;
  box.closest("[hidden]")?.removeAttribute("hidden");
  box.addEventListener("change", () => (field.type = box.checked ? "text" : "password"));
}
