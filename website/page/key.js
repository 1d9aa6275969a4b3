// The API key: asked for when the API first wants one, kept for the tab's session or, if the user says so, for longer.

import { device, session } from "./texts.js";

const NAME = "imagelabeller-key";

export class Keys extends EventTarget {
  #ask;
  #asking = null;
  #dismissed = false;

  /** @param {(problem: object|null, held: boolean) => Promise<{key: string, keep: boolean}|null>} ask shows the dialog */
  constructor(ask) {
    super();
    this.#ask = ask;
  }

  /** The key, or null. */
  get value() {
    return session.get(NAME) ?? device.get(NAME);
  }

  /** Whether the key outlives the tab. */
  get kept() {
    return device.get(NAME) !== null;
  }

  /** Get another key than the refused one; throws the problem where the user gives none. */
  async replace(refused, problem) {
    if (this.value !== refused) return; // another request has asked meanwhile
    if (this.#dismissed || !(await this.change(problem))) {
      this.#dismissed = true;
      throw problem;
    }
  }

  /** Ask the user; several callers share one dialog. Returns whether there is another key now. */
  change(problem = null) {
    this.#asking ??= this.#change(problem).finally(() => { this.#asking = null; });
    return this.#asking;
  }

  /** Ask again when the API next wants a key, although the user did not give one before. */
  mayAskAgain() {
    this.#dismissed = false;
  }

  async #change(problem) {
    const given = await this.#ask(problem, this.value !== null);
    if (given === null) return false;
    session.remove(NAME);
    device.remove(NAME);
    if (given.key) (given.keep ? device : session).set(NAME, given.key);
    this.#dismissed = false;
    this.dispatchEvent(new Event("change"));
    return Boolean(given.key);
  }
}
