// One picture of the list.

import { copy, curlLine, labelsOf, reasonOf } from "./export.js";
import { shown, visible } from "./names.js";
import { say } from "./speech.js";

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const wholePercent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const NOTES = {
  starting: "Waits for its labels. The model is still starting, which can take a few minutes.",
  busy: "Waits for its labels. The service is busy, and is asked again.",
  offline: "Waits for its labels. The service cannot be reached, and is asked again.",
  key: "Is submitted. Enter the API key to see its labels.",
};
// What a picture waits for before it is submitted.
const DELAYS = {
  key: "Waits for the API key",
  busy: "Waits, since the service is busy",
  offline: "Waits for a connection to the service",
  again: "The upload was interrupted and is tried again",
};
const STATUSES = {
  queued: "Waits for its turn",
  uploading: "Asks to be uploaded",
  submitting: "Is being checked",
  waiting: "Waits for its labels",
  withdrawing: "Is being withdrawn",
  failed: "Not labelled",
  refused: "Not labelled",
};

/** Return a share as a percentage, for people. */
export function asPercent(share) {
  return percent.format(share);
}

export class Card {
  /**
   * @param {import("./picture.js").Picture} picture
   * @param {{retry: (picture: object) => void, withdraw: (picture: object) => void}} actions
   */
  constructor(picture, actions) {
    this.picture = picture;
    this.element = document.getElementById("card").content.cloneNode(true).firstElementChild;
    const name = shown(picture.name);
    this.#find("bdi").textContent = name;
    this.#find("h3").title = visible(picture.url ?? picture.name);
    this.#find("progress").setAttribute("aria-label", `Upload of ${name}`);
    // The visible text is the same on every card; a screen reader's list of buttons has the picture's name, too.
    for (const unseen of this.element.querySelectorAll(".unseen")) {
      unseen.textContent = unseen.closest("details") ? ` of ${name}` : ` ${name}`;
    }
    this.#find(".retry").addEventListener("click", () => actions.retry(picture));
    this.#find(".withdraw").addEventListener("click", () => actions.withdraw(picture));
    this.#find(".copy-json").addEventListener("click", () => this.#copy("The JSON", ".json"));
    this.#find(".copy-curl").addEventListener("click", () => this.#copy("The curl line", ".curl"));
  }

  /** Move the focus to this picture, after what had it is gone. */
  focus() {
    this.#find("h3").focus();
  }

  /** Show a small copy of the picture. */
  showThumbnail(blob) {
    const image = this.#find("img");
    image.src = URL.createObjectURL(blob);
    image.hidden = false;
    image.onload = () => URL.revokeObjectURL(image.src);
    this.#find(".thumbnail svg").remove();
  }

  /** Show what is known about the picture now, with labels of at least a confidence. */
  update(threshold) {
    const { picture } = this;
    const { state, live } = picture;
    this.element.dataset.state = state;
    this.#showStatus(state, live);
    this.#showLabels(threshold);
    this.#showReason();
    const onServer = picture.imageId ?? picture.uploadId ?? picture.replaced;
    const withdraw = this.#find(".withdraw");
    withdraw.firstChild.data = onServer ? "Withdraw" : "Remove";
    withdraw.disabled = state === "withdrawing";
    const details = this.#find("details");
    details.hidden = !picture.answer;
    if (picture.answer) {
      this.#find(".json").textContent = JSON.stringify(picture.answer, null, 2);
      this.#find(".curl").textContent = curlLine(picture);
    }
  }

  #showStatus(state, live) {
    const progress = this.#find("progress");
    const delay = ["uploading", "submitting"].includes(state) && DELAYS[live.note];
    const share = state === "uploading" && !delay ? live.progress ?? null : null;
    progress.hidden = share === null;
    progress.value = share ?? 0;
    const text = share !== null
      ? `Uploading, ${wholePercent.format(share)}`
      : delay || (state === "waiting" && NOTES[live.note]) || STATUSES[state] || "";
    const status = this.#find(".status");
    status.textContent = this.picture.answer?.Incomplete
      ? "A part of the picture is missing from its file. It was labelled without." : text;
    status.hidden = !status.textContent;
  }

  #showLabels(threshold) {
    const { picture } = this;
    const list = this.#find(".labels");
    const labels = labelsOf(picture, threshold);
    list.hidden = !labels.length;
    list.replaceChildren(...labels.map(({ Name, Confidence }) => {
      const item = document.getElementById("label").content.cloneNode(true).firstElementChild;
      item.querySelector(".label-name").textContent = Name;
      item.querySelector(".confidence").textContent = asPercent(Confidence);
      item.querySelector(".bar").style.setProperty("--share", Confidence);
      return item;
    }));
    const fewer = (picture.answer?.Labels ?? []).length - labels.length;
    if (picture.state === "labelled") {
      const detail = this.#find(".detail");
      detail.hidden = fewer === 0;
      detail.textContent = labels.length
        ? `${fewer} more below ${asPercent(threshold)}`
        : `No label reaches ${asPercent(threshold)}.`;
      const names = labels.map(({ Name }) => Name);
      this.#find("img").alt = names.length
        ? `Probably ${new Intl.ListFormat("en", { type: "disjunction" }).format(names)}`
        : `No label reaches ${asPercent(threshold)}`;
    }
  }

  #showReason() {
    const reason = reasonOf(this.picture);
    const advice = this.#find(".advice");
    advice.hidden = !reason;
    this.#find(".retry").hidden = !reason?.retry;
    if (!reason) {
      if (this.picture.state !== "labelled") this.#find(".detail").hidden = true;
      return;
    }
    this.#find(".status").textContent = reason.title;
    advice.textContent = reason.advice;
    this.#find(".detail").textContent = reason.detail && `The service says: ${reason.detail}`;
    this.#find(".detail").hidden = !reason.detail;
  }

  async #copy(what, selector) {
    const text = this.#find(selector);
    if (await copy(text.textContent)) return say(`${what} is copied.`);
    getSelection().selectAllChildren(text);
    say(`${what} is selected: copy it with your keyboard.`);
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}
