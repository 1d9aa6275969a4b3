// From a submitted picture to its labels.

import { ofFailure } from "./words.js";
import { Problem } from "./problem.js";
import { backOff, sleep } from "./time.js";

const STARTING_MS = 8000; // a model that is ready has labelled a picture by then

export class LookUps {
  #api;
  #pictures;
  #waiting = new Map();
  #lastLabelled = 0;

  /** @param {import("./api.js").Api} api @param {import("./picture.js").Pictures} pictures */
  constructor(api, pictures) {
    this.#api = api;
    this.#pictures = pictures;
  }

  /** Look up every picture that waits, until it has labels or a reason. */
  start() {
    for (const picture of this.#pictures.in("waiting")) {
      if (this.#waiting.has(picture.id)) continue;
      const controller = new AbortController();
      this.#waiting.set(picture.id, controller);
      this.#await(picture, controller.signal)
        .catch(() => { /* stopped */ })
        .finally(() => this.#waiting.delete(picture.id));
    }
  }

  /** Stop, since another tab goes on. */
  stop() {
    for (const controller of this.#waiting.values()) controller.abort();
  }

  async #await(picture, signal) {
    let milliseconds = backOff(1);
    for (let attempt = 2; ; attempt += 1) {
      await sleep(milliseconds, signal);
      if (picture.state !== "waiting") return;
      milliseconds = backOff(attempt);
      try {
        const { answer, retryAfter } = await this.#api.lookUp(picture.imageId, signal);
        if (picture.state !== "waiting") return;
        if (answer.Status !== "NOT_CLASSIFIED") return await this.#finish(picture, answer);
        const now = Date.now();
        const starting = now - Math.max(picture.submittedAt, this.#lastLabelled) > STARTING_MS;
        this.#pictures.show(picture, { note: starting ? "starting" : null });
        milliseconds = Math.max(milliseconds, (retryAfter ?? 0) * 1000);
      } catch (problem) {
        if (signal.aborted || picture.state !== "waiting" || !(problem instanceof Problem)) throw problem;
        if (problem.status === 403) return this.#pictures.show(picture, { note: "key" });
        if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
          const { type, detail } = problem;
          return await this.#pictures.update(picture, { state: "refused", problem: { type, detail } });
        }
        // The picture is submitted, so it is not given up because the answer about it is late.
        this.#pictures.show(picture, { note: problem.status ? "busy" : "offline" });
        milliseconds = Math.max(milliseconds, (problem.retryAfter ?? 0) * 1000);
      }
    }
  }

  async #finish(picture, answer) {
    const labelled = answer.Status === "CLASSIFIED";
    if (labelled) this.#lastLabelled = Date.now();
    picture.live.note = null;
    await this.#pictures.update(picture, { answer, state: labelled ? "labelled" : "failed" });
    if (labelled || !ofFailure(answer.FailureCode).retry) await this.#pictures.dropFile(picture);
  }
}
