// The ways in which pictures arrive: dropped, chosen, pasted, photographed, or as addresses.

import { looksLikePicture } from "./media.js";
import { withoutCredentials } from "./names.js";

const find = (id) => document.getElementById(id);

/**
 * Listen to all of them.
 *
 * @param {(sources: {name: string, file?: File, url?: string, problem?: object}[], skipped: number) => void} add takes
 *   what arrives, and how many files of a folder were left out since they are no pictures
 */
export function listen(add) {
  const addFiles = (files) => add([...files].map((file) => ({ name: file.name, file })), 0);
  for (const [button, input] of [["choose", "files"], ["photograph", "camera"]]) {
    find(button).addEventListener("click", () => find(input).click());
    find(input).addEventListener("change", ({ target }) => {
      addFiles(target.files);
      target.value = ""; // so that the same file can be chosen again
    });
  }
  // A camera is worth a button where the screen is touched; elsewhere it would open the same dialog of files.
  find("photograph").hidden = !matchMedia("(pointer: coarse)").matches;
  listenToDrops(add);
  document.addEventListener("paste", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const files = [...event.clipboardData.files];
    if (files.length) return addFiles(files);
    if (event.target.closest?.("input, textarea")) return;
    const { urls } = addresses(event.clipboardData.getData("text"));
    if (urls.length) add(urls, 0);
  });
  listenToForm(add);
}

function listenToDrops(add) {
  const drop = find("drop");
  let depth = 0; // dragenter and dragleave come for each element inside, too
  const mark = (by) => {
    depth = Math.max(0, depth + by);
    drop.classList.toggle("over", depth > 0);
  };
  document.addEventListener("dragenter", () => mark(1));
  document.addEventListener("dragleave", () => mark(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    mark(-Infinity);
    const { sources, skipped } = await dropped(event.dataTransfer);
    if (sources.length || skipped) return add(sources, skipped);
    const { urls } = addresses(event.dataTransfer.getData("text/uri-list") || event.dataTransfer.getData("text"));
    if (urls.length) add(urls, 0);
  });
}

/** Return the files that were dropped, and those in folders that were dropped. */
async function dropped(transfer) {
  // Entries must be taken before anything is awaited: the transfer is empty then.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) {
    return { sources: [...transfer.files].map((file) => ({ name: file.name, file })), skipped: 0 };
  }
  let skipped = 0;
  const sources = [];
  for (const entry of entries) {
    for await (const source of filesIn(entry)) {
      const { name, file = { name, type: "" } } = source;
      if (entry.isFile || source.isFolder || looksLikePicture(file)) sources.push(source);
      else skipped += 1;
    }
  }
  return { sources, skipped };
}

async function* filesIn(entry) {
  const { name } = entry;
  try {
    if (entry.isFile) {
      yield { name, file: await new Promise((resolve, reject) => { entry.file(resolve, reject); }) };
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
      if (!some.length) return;
      for (const inner of some) yield* filesIn(inner);
    }
  } catch {
    // One that cannot be read keeps no other from being added.
    yield { name, isFolder: entry.isDirectory, problem: { type: "file-unreadable", detail: "" } };
  }
}

function listenToForm(add) {
  const text = find("url-text");
  const error = find("url-error");
  find("url-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { urls, others } = addresses(text.value);
    if (urls.length) add(urls, 0);
    text.value = others.join("\n");
    error.textContent = "";
    text.removeAttribute("aria-invalid");
    if (urls.length && !others.length) return;
    error.textContent = others.length
      ? "An address begins with http:// or https://. Correct what is left here."
      : "Enter an address that begins with http:// or https://.";
    text.setAttribute("aria-invalid", "true");
    text.focus();
  });
}

/** Return the addresses in a text, and what is none. */
export function addresses(text) {
  const urls = [];
  const others = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const url = URL.canParse(word) ? new URL(word) : null;
    if (url && /^https?:$/.test(url.protocol)) {
      // The API refuses user names and passwords, and they are neither kept nor sent.
      const bare = withoutCredentials(word);
      urls.push({ name: nameOf(url), url: bare.url, problem: bare.had ? { type: "invalid-url", detail: "" } : null });
    } else others.push(word);
  }
  return { urls, others };
}

function nameOf(url) {
  const end = url.pathname.split("/").filter(Boolean).pop();
  try {
    return end ? decodeURIComponent(end) : url.host;
  } catch {
    return end;
  }
}
