// Puts the page together.

import { Api } from "./api.js";
import { askForKey, confirm } from "./dialogs.js";
import { reasonOf } from "./export.js";
import { listen } from "./inputs.js";
import { Keys } from "./key.js";
import { List, counting } from "./list.js";
import { LookUps } from "./lookups.js";
import { shown } from "./names.js";
import { Pictures } from "./picture.js";
import { Sending } from "./sending.js";
import { say, sayResult } from "./speech.js";
import { Store } from "./store.js";
import { session } from "./texts.js";
import { ofProblem } from "./words.js";

const find = (id) => document.getElementById(id);
const LOCK = "imagelabeller";
const LOCK_MS = 1000; // a page that is being reloaded has usually given its lock up by then
const NOTICED_SECONDS = 2;
const ELSEWHERE = "Nothing was added: this page is open in another tab. Add pictures there, or continue here first.";

const keys = new Keys((problem, held) => askForKey(problem, held, keys.kept));
const api = new Api(keys);
const store = new Store();
const pictures = new Pictures(store);
const sending = new Sending(api, pictures);
const lookUps = new LookUps(api, pictures);
const list = new List(pictures, store, { retry, retryAll, withdraw, withdrawAll });

function add(sources, skipped) {
  if (find("adding").hidden) return warn(ELSEWHERE);
  if (skipped) warn(`${skipped} ${skipped === 1 ? "file was" : "files were"} left out: not pictures.`);
  if (!sources.length) return;
  say(`${counting(sources.length)} added.`);
  for (const { name, problem } of sources) {
    if (problem) sayResult(`${shown(name)}: ${ofProblem(problem.type).title}. ${ofProblem(problem.type).advice}`);
  }
  keys.mayAskAgain();
  pictures.add(sources);
  sending.start();
}

async function retry(picture) {
  keys.mayAskAgain();
  list.focus(picture);
  await sending.retry(picture);
}

async function retryAll() {
  keys.mayAskAgain();
  list.focus();
  await Promise.all(pictures.all.filter((picture) => reasonOf(picture)?.retry).map((picture) => sending.retry(picture)));
}

async function withdraw(picture) {
  const stored = picture.imageId ?? picture.uploadId;
  if (stored && !(await confirm(`Withdraw ${shown(picture.name)}?`,
    "The picture and its labels are deleted, here and in the application. This cannot be undone.", "Withdraw"))) return;
  const next = list.neighbour(picture);
  keys.mayAskAgain();
  list.focus(picture);
  try {
    await sending.withdraw(picture);
    say(`${shown(picture.name)} is ${stored ? "withdrawn" : "removed"}.`);
    if (pictures.all.length) list.focus(next);
    else find("choose").focus();
  } catch (problem) {
    const { title, advice } = ofProblem(problem.type);
    warn(`${shown(picture.name)} could not be withdrawn. ${title}. ${advice}`);
  }
}

async function withdrawAll() {
  const all = pictures.all;
  if (!(await confirm(`Withdraw ${counting(all.length)}?`,
    "All pictures of this list and their labels are deleted, here and in the application. This cannot be undone.",
    "Withdraw all"))) return;
  keys.mayAskAgain();
  list.focus();
  const outcomes = await Promise.allSettled(all.map((picture) => sending.withdraw(picture)));
  const left = outcomes.filter(({ status }) => status === "rejected").length;
  if (left) return warn(`${counting(left)} could not be withdrawn. Try again.`);
  say(`${counting(all.length)} withdrawn.`);
  find("choose").focus();
}

let noticed = null;

/** Show something for a while, and say it. */
function warn(message, seconds = 20) {
  const notice = find("notice");
  if (notice.textContent !== message || notice.hidden) say(message);
  notice.textContent = message;
  notice.hidden = false;
  clearTimeout(noticed);
  noticed = setTimeout(() => { notice.hidden = true; }, seconds * 1000);
}

api.addEventListener("wait", ({ detail: { problem, seconds } }) => {
  if (seconds < NOTICED_SECONDS) return;
  warn(problem.type === "no-connection"
    ? "The service cannot be reached. Trying again."
    : "The service is busy. Going on as soon as it allows.", seconds + 1);
});

let saidThatItStarts = false;
pictures.addEventListener("changed", ({ detail: { state, live } }) => {
  if (state === "waiting") lookUps.start();
  if (state === "labelled") saidThatItStarts = false;
  if (live.note !== "starting" || saidThatItStarts) return;
  saidThatItStarts = true;
  say("The model is still starting, which can take a few minutes.");
});

keys.addEventListener("change", () => {
  if (!keys.value) return say("The key is forgotten.");
  say("The key is set.");
  for (const picture of pictures.in("refused")) {
    if (picture.problem.type === "forbidden") sending.retry(picture);
  }
  return lookUps.start();
});

find("key-button").addEventListener("click", () => keys.change());

addEventListener("beforeunload", (event) => {
  // Files that are not in the browser's database yet would be lost.
  if (pictures.in("queued", "uploading").some(({ live }) => live.file && !live.isSaved)) event.preventDefault();
});

/** Work on the pictures, unless another tab does: two would upload each twice. */
async function work() {
  await store.open(waitForEarlierPage);
  find("earlier").hidden = true;
  if (!find("elsewhere").hidden) return; // another tab took over meanwhile
  find("adding").hidden = false;
  await pictures.restore();
  listen(add);
  await sending.resume();
  lookUps.start();
  document.body.dataset.ready = "yes";
}

function waitForEarlierPage() {
  find("earlier").hidden = false;
  find("adding").hidden = true;
  say(find("earlier").textContent);
}

function leaveToOtherTab() {
  sending.stop();
  lookUps.stop();
  find("earlier").hidden = true;
  find("elsewhere").hidden = false;
  find("adding").hidden = true;
  find("results").hidden = true;
  find("take-over").onclick = () => {
    session.set(LOCK, "take over");
    location.reload();
  };
}

/** Work, now that no other tab does, for as long as the page is open. */
async function lead() {
  leads = true;
  find("elsewhere").hidden = true;
  await work();
  await new Promise(() => {});
}

// A file that is dropped while another tab works must not replace this page.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (find("adding").hidden) warn(ELSEWHERE);
});

let leads = false;
const steal = session.get(LOCK) !== null;
session.remove(LOCK);
if (!navigator.locks) work();
else {
  navigator.locks.request(LOCK, { steal }, lead).catch((error) => {
    // Where the browser may keep nothing, no tab knows of another.
    if (!leads) return void work();
    if (error.name !== "AbortError") throw error;
    leaveToOtherTab();
    // Once the other tab is closed, this one goes on with what it has left.
    navigator.locks.request(LOCK, () => location.reload());
  });
  setTimeout(async () => {
    if (leads) return;
    const { held } = await navigator.locks.query().catch(() => ({ held: [] }));
    if (!leads && held.some(({ name }) => name === LOCK)) leaveToOtherTab();
  }, LOCK_MS);
}
