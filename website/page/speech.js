// The live region: what a screen reader says of changes.

const TOGETHER_MS = 700;

const region = () => document.getElementById("speech");
let messages = [];
let results = [];
let timer = null;

/** Say something. Messages of one moment are read together, so that they do not talk over each other. */
export function say(message) {
  messages.push(message);
  timer ??= setTimeout(flush, TOGETHER_MS);
}

/** Say what became of a picture. Of a hundred pictures in one moment, a summary is read in place of each. */
export function sayResult(message) {
  results.push(message);
  timer ??= setTimeout(flush, TOGETHER_MS);
}

function flush() {
  timer = null;
  region().textContent = [...messages, ...(results.length > 3 && summary ? [summary()] : results)].join(" ");
  messages = [];
  results = [];
}

let summary = null;

/** Say what `describe` returns where there were more than a few results at once. */
export function summariseWith(describe) {
  summary = describe;
}
