// The live region: what a screen reader says of changes.

const TOGETHER_MS = 700;

const region = () => document.getElementById("speech");
let messages = [];
let timer = null;

/** Say something. Messages of one moment are read together, so that a hundred pictures do not talk over each other. */
export function say(message) {
  messages.push(message);
  timer ??= setTimeout(flush, TOGETHER_MS);
}

function flush() {
  timer = null;
  region().textContent = messages.length > 3 && summary ? summary() : messages.join(" ");
  messages = [];
}

let summary = null;

/** Say what `describe` returns where there were more than a few messages at once. */
export function summariseWith(describe) {
  summary = describe;
}
