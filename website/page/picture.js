// The pictures of this page and what is known about each.

import { withoutCredentials } from "./names.js";

/**
 * A picture.
 *
 * @typedef {object} Picture
 * @property {string} id this page's own id
 * @property {number} batch when it was added, in milliseconds since 1970
 * @property {number} order its place among those that were added together
 * @property {string} name the file's name, or the end of the address
 * @property {string|null} url its address, where it is on the web
 * @property {"queued"|"uploading"|"submitting"|"waiting"|"labelled"|"failed"|"refused"|"withdrawing"} state
 *   failed: the labeller gave it up; refused: it was not accepted
 * @property {string|undefined} before the state in which its withdrawal found it
 * @property {string|null} uploadId the id of its upload, whether or not that has succeeded
 * @property {string|null} imageId its id in the API
 * @property {string|null} replaced an id whose row and object are to be withdrawn first, since it is submitted again
 * @property {number|null} submittedAt
 * @property {{type: string, detail: string}|null} problem why it was refused
 * @property {object|null} answer the API's last answer about its labels
 * @property {object} live what a reload may lose: file, saved (a promise), isSaved, progress, note, controller, job
 */

/** Where a picture stands, for people. */
export const IN_PROGRESS = ["queued", "uploading", "submitting", "waiting", "withdrawing"];
export const UNLABELLED = ["failed", "refused"];

export class Pictures extends EventTarget {
  #store;
  #all = new Map();

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    super();
    this.#store = store;
  }

  /** The pictures, those that were added last first. */
  get all() {
    return [...this.#all.values()].sort((one, other) => other.batch - one.batch || one.order - other.order);
  }

  /** Those in one of the states. */
  in(...states) {
    return this.all.filter((picture) => states.includes(picture.state));
  }

  /** Read what an earlier visit left. */
  async restore() {
    for (const record of await this.#store.records()) {
      const picture = { ...record, live: {} };
      this.#all.set(picture.id, picture);
      // Earlier versions of this page kept user names and passwords.
      const bare = picture.url && withoutCredentials(picture.url);
      if (!bare?.had) continue;
      picture.url = bare.url;
      if (picture.state === "queued") Object.assign(picture, { state: "refused", problem: { type: "invalid-url", detail: "" } });
      await this.#save(picture);
    }
    this.dispatchEvent(new Event("added"));
  }

  /** Add files and addresses: `{name, file}` or `{name, url}`, with a `problem` where one is refused at once. */
  add(sources) {
    const batch = Date.now();
    const added = sources.map(({ name, file = null, url = null, problem = null }, order) => ({
      id: crypto.randomUUID(), batch, order, name, url, state: problem ? "refused" : "queued", uploadId: null,
      imageId: null, replaced: null, submittedAt: null, problem, answer: null, live: { file },
    }));
    for (const picture of added) this.#all.set(picture.id, picture);
    // All records first: they are small, and a reload then knows which files it does not have.
    let last = Promise.all(added.map((picture) => this.#save(picture)));
    for (const picture of added) {
      last = last.then(() => picture.live.file && this.#store.saveFile(picture.id, picture.live.file));
      picture.live.saved = last.then((isSaved) => { picture.live.isSaved = isSaved; });
    }
    this.dispatchEvent(new Event("added"));
  }

  /** Note changes that a reload must know; resolves when they are kept. */
  async update(picture, changes) {
    Object.assign(picture, changes);
    this.#changed(picture);
    if (this.#all.has(picture.id)) await this.#save(picture);
  }

  /** Note changes that a reload may lose. */
  show(picture, changes) {
    Object.assign(picture.live, changes);
    this.#changed(picture);
  }

  /** The picture's file, from this visit or an earlier one; undefined where it is lost. */
  async file(picture) {
    return picture.live.file ?? (await this.#store.file(picture.id));
  }

  /** Give up the file: it is not needed any more. */
  dropFile(picture) {
    picture.live.file = null;
    return this.#store.dropFile(picture.id);
  }

  /** Forget a picture. */
  async remove(picture) {
    this.#all.delete(picture.id);
    this.dispatchEvent(new CustomEvent("removed", { detail: picture }));
    await this.#store.remove(picture.id);
  }

  #changed(picture) {
    this.dispatchEvent(new CustomEvent("changed", { detail: picture }));
  }

  #save(picture) {
    const { live, ...record } = picture;
    return this.#store.saveRecord(record);
  }
}
