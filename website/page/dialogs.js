// The two dialogs. A modal dialog keeps the focus inside and gives it back, which the browser sees to.

const find = (id) => document.getElementById(id);

function show(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

/** Ask for the API key; null where the user gives none, and an empty key where it is to be forgotten. */
export async function askForKey(problem, held, kept) {
  const [dialog, text, keep, error] = ["key-dialog", "key-text", "key-keep", "key-error"].map(find);
  const complain = (message) => {
    error.textContent = message;
    text.toggleAttribute("aria-invalid", false);
    if (message) text.setAttribute("aria-invalid", "true");
  };
  text.value = "";
  keep.checked = kept;
  find("key-forget").hidden = !held;
  complain(problem && held ? "The key was not accepted. Check it and enter it again." : "");
  const check = (event) => {
    const key = text.value.trim();
    // A header takes no others, and the request would fail as if there were no connection.
    const isKey = /^[!-~]+$/.test(key);
    if (event.submitter?.value === "forget" || isKey) return;
    event.preventDefault();
    complain(key
      ? "A key has no spaces, and no letters beyond A to Z. Copy it again."
      : "Enter the key, or choose “Not now”.");
    text.focus();
  };
  const form = dialog.querySelector("form");
  form.addEventListener("submit", check);
  find("key-cancel").onclick = () => dialog.close("cancel");
  const shown = show(dialog);
  text.focus();
  const choice = await shown;
  form.removeEventListener("submit", check);
  const key = text.value.trim();
  text.value = "";
  if (choice === "use") return { key, keep: keep.checked };
  return choice === "forget" ? { key: "", keep: false } : null;
}

/** Ask whether to do what cannot be undone. */
export async function confirm(title, text, yes) {
  find("confirm-title").textContent = title;
  find("confirm-text").textContent = text;
  find("confirm-yes").textContent = yes;
  return (await show(find("confirm-dialog"))) === "yes";
}
