// Only adds: a certificate's file may also be dropped on the form, and one that is too large is told at
// once. Without this file it is chosen and sent like any other.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const tooLarge = () => {
    const [file] = input.files;
    const large = file && file.size > Number(input.dataset.max);
    input.setCustomValidity(large ? "This file is larger than any certificate. Choose the one that was downloaded." : "");
    if (large) input.reportValidity();
    return large;
  };
  const isFile = (event) => event.dataTransfer?.types.includes("Files");
  form.querySelector("[data-drop-hint]").hidden = false;
  input.addEventListener("change", tooLarge);
  for (const name of ["dragenter", "dragover"])
    form.addEventListener(name, (event) => {
      if (!isFile(event)) return;
      event.preventDefault();
      form.classList.add("is-over");
    });
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    if (input.files.length && !tooLarge()) form.requestSubmit();
  });
}
