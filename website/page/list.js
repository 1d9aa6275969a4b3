// The list of pictures, and what works on all of them.

import { Card, asPercent } from "./card.js";
import { download, labelsOf, reasonOf, toCsv, toJson } from "./export.js";
import { thumbnail } from "./media.js";
import { shown } from "./names.js";
import { IN_PROGRESS, UNLABELLED } from "./picture.js";
import { say, sayResult, summariseWith } from "./speech.js";
import { device } from "./texts.js";

const find = (id) => document.getElementById(id);
const THRESHOLD = "imagelabeller-threshold";
const FILTERS = { all: null, busy: IN_PROGRESS, labelled: ["labelled"], unlabelled: UNLABELLED };

export class List {
  #pictures;
  #store;
  #actions;
  #cards = new Map();
  #spoken = new Map();
  #stale = false;

  /**
   * @param {import("./picture.js").Pictures} pictures
   * @param {import("./store.js").Store} store
   * @param {{retry: Function, withdraw: Function, withdrawAll: Function, retryAll: Function}} actions
   */
  constructor(pictures, store, actions) {
    this.#pictures = pictures;
    this.#store = store;
    this.#actions = actions;
    pictures.addEventListener("added", () => this.#add());
    pictures.addEventListener("changed", ({ detail }) => this.#change(detail));
    pictures.addEventListener("removed", ({ detail }) => this.#remove(detail));
    find("threshold").value = device.get(THRESHOLD) ?? find("threshold").value;
    find("threshold").addEventListener("input", () => this.#setThreshold());
    find("filter").addEventListener("change", () => {
      this.#filter();
      say(`${this.#shown()} shown.`);
    });
    find("csv").addEventListener("click", () => this.#download("labels.csv", "text/csv;charset=utf-8", toCsv));
    find("json").addEventListener("click", () => this.#download("labels.json", "application/json", toJson));
    find("retry-all").addEventListener("click", () => actions.retryAll());
    find("withdraw-all").addEventListener("click", () => actions.withdrawAll());
    summariseWith(() => this.#summary());
    this.#setThreshold();
  }

  /** Move the focus to a picture, or to the list where it is gone. */
  focus(picture) {
    (this.#cards.get(picture?.id) ?? find("results-title")).focus();
  }

  /** Return the picture below another, or above the last one. */
  neighbour(picture) {
    const all = this.#pictures.all;
    const index = all.indexOf(picture);
    return all[index + 1] ?? all[index - 1];
  }

  get #threshold() {
    return find("threshold").value / 100;
  }

  #setThreshold() {
    device.set(THRESHOLD, find("threshold").value);
    const text = asPercent(this.#threshold);
    find("threshold-value").textContent = text;
    find("threshold").setAttribute("aria-valuetext", text);
    for (const card of this.#cards.values()) card.update(this.#threshold);
  }

  #add() {
    const list = find("list");
    let place = list.firstElementChild;
    for (const picture of this.#pictures.all) {
      const known = this.#cards.get(picture.id);
      if (known) {
        place = known.element.nextElementSibling;
        continue;
      }
      const card = new Card(picture, this.#actions);
      this.#cards.set(picture.id, card);
      this.#spoken.set(picture.id, picture.state);
      card.update(this.#threshold);
      list.insertBefore(card.element, place);
      this.#showThumbnail(picture, card);
    }
    this.#refresh();
  }

  async #showThumbnail(picture, card) {
    let blob = await this.#store.thumbnail(picture.id);
    if (!blob && !picture.url) {
      const file = await this.#pictures.file(picture);
      blob = file && (await thumbnail(file));
      if (blob && this.#cards.has(picture.id)) await this.#store.saveThumbnail(picture.id, blob);
    }
    if (blob) card.showThumbnail(blob);
  }

  #change(picture) {
    this.#cards.get(picture.id)?.update(this.#threshold);
    if (this.#spoken.get(picture.id) !== picture.state) {
      this.#spoken.set(picture.id, picture.state);
      this.#speak(picture);
      this.#refresh();
    }
  }

  #remove(picture) {
    this.#cards.get(picture.id)?.element.remove();
    this.#cards.delete(picture.id);
    this.#refresh();
  }

  #speak(picture) {
    const reason = reasonOf(picture);
    if (reason) return sayResult(`${shown(picture.name)}: ${reason.title}. ${reason.advice}`);
    if (picture.state !== "labelled") return undefined;
    const [best] = labelsOf(picture, this.#threshold);
    return sayResult(`${shown(picture.name)}: ${best ? `${best.Name}, ${asPercent(best.Confidence)}` : "no label reaches your threshold"}.`);
  }

  /** Count once for all changes of a moment: a hundred pictures change together. */
  #refresh() {
    if (this.#stale) return;
    this.#stale = true;
    queueMicrotask(() => {
      this.#stale = false;
      const { length } = this.#pictures.all;
      find("results").hidden = length === 0;
      find("counts").textContent = this.#summary();
      find("overall").max = length || 1;
      find("overall").value = length - this.#pictures.in(...IN_PROGRESS).length;
      find("retry-all").hidden = this.#pictures.all.filter((picture) => reasonOf(picture)?.retry).length < 2;
      this.#filter();
    });
  }

  #summary() {
    const counted = [
      [this.#pictures.in("labelled").length, "labelled"],
      [this.#pictures.in(...UNLABELLED).length, "not labelled"],
      [this.#pictures.in(...IN_PROGRESS).length, "in progress"],
    ];
    const parts = counted.filter(([number]) => number).map(([number, what]) => `${number} ${what}`);
    return `${counting(this.#pictures.all.length)}: ${parts.join(", ")}.`;
  }

  #filter() {
    const states = FILTERS[find("filter").value];
    for (const { element, picture } of this.#cards.values()) {
      element.hidden = states !== null && !states.includes(picture.state) && !element.contains(document.activeElement);
    }
    find("nothing").hidden = [...this.#cards.values()].some(({ element }) => !element.hidden);
  }

  #shown() {
    return counting([...this.#cards.values()].filter(({ element }) => !element.hidden).length);
  }

  #download(name, type, write) {
    download(name, type, write(this.#pictures.all, this.#threshold));
    say(`${counting(this.#pictures.all.length)} saved as ${name}.`);
  }
}

/** Return how many pictures there are, as a person says it. */
export function counting(number) {
  return `${number} ${number === 1 ? "picture" : "pictures"}`;
}
