// How fast requests are sent to one API.

import { sleep } from "./time.js";

const FIRST_GAP_MS = 200;
const LARGEST_GAP_MS = 4000;

export class Pace {
  #next = 0;
  #slowedDown = 0;
  #least;
  #gap;

  /** @param {number} least milliseconds between two requests at any time */
  constructor(least = 0) {
    this.#least = this.#gap = least;
  }

  /** Wait until a request may be sent; returns a ticket for `slowDown`. */
  async turn(signal) {
    for (;;) {
      const ticket = this.#slowedDown;
      const now = Date.now();
      const at = Math.max(now, this.#next);
      this.#next = at + this.#gap;
      if (at > now) await sleep(at - now, signal);
      // Whoever waited while the API asked to slow down waits again, behind it.
      if (ticket === this.#slowedDown) return ticket;
    }
  }

  /** Send nothing for some seconds, and then more slowly: the API answered 429. */
  slowDown(ticket, seconds) {
    // The answers to requests that were sent together count once.
    if (ticket !== this.#slowedDown) return;
    this.#slowedDown += 1;
    this.#gap = Math.min(LARGEST_GAP_MS, this.#gap * 2 || FIRST_GAP_MS);
    this.#next = Date.now() + seconds * 1000;
  }

  /** A request was accepted: the next ones may follow a little faster. */
  accepted() {
    this.#gap = this.#gap < 20 ? this.#least : Math.max(this.#least, this.#gap * 0.95);
  }
}
