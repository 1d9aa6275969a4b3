// From a file or an address to a submitted picture, a few at a time, whatever fails on the way.

import { answers, upload } from "./bucket.js";
import { mediaType } from "./media.js";
import { Problem } from "./problem.js";
import { backOff, sleep } from "./time.js";

const AT_A_TIME = 3;
const ATTEMPTS = 5;
const ANOTHER_ATTEMPT_HELPS = ["upload-interrupted", "upload-expired", "temporarily-unavailable"];

export class Sending {
  #api;
  #pictures;
  #running = 0;
  #stopped = new AbortController();

  /** @param {import("./api.js").Api} api @param {import("./picture.js").Pictures} pictures */
  constructor(api, pictures) {
    this.#api = api;
    this.#pictures = pictures;
  }

  /** Send what is queued. */
  start() {
    while (this.#running < AT_A_TIME && !this.#stopped.signal.aborted) {
      // The first picture of each batch first, although the newest batch is shown first.
      const [picture] = this.#pictures.in("queued").filter(({ live }) => !live.job).reverse().sort(byAge);
      if (!picture) return;
      this.#running += 1;
      picture.live.controller = new AbortController();
      const signal = AbortSignal.any([picture.live.controller.signal, this.#stopped.signal]);
      picture.live.job = this.#run(picture, signal).finally(() => {
        picture.live.job = null;
        this.#running -= 1;
        this.start();
      });
    }
  }

  /** Send a picture again that was refused or that the labeller gave up. */
  async retry(picture) {
    const replaced = picture.state === "failed" ? picture.imageId : picture.replaced;
    await this.#pictures.update(picture, {
      state: "queued", problem: null, answer: null, replaced, imageId: null,
      uploadId: picture.state === "failed" ? null : picture.uploadId,
    });
    this.start();
  }

  /** Delete a picture here and in the application; a problem is thrown, and the picture is as before. */
  async withdraw(picture) {
    const before = picture.before ?? picture.state;
    await this.#pictures.update(picture, { state: "withdrawing", before });
    // A request that has left is waited for: only then is it known what there is to delete.
    picture.live.controller?.abort();
    await picture.live.job;
    try {
      for (const id of new Set([picture.replaced, picture.imageId ?? picture.uploadId])) {
        if (id) await this.#api.withdraw(id);
      }
    } catch (problem) {
      await this.#pictures.update(picture, { state: restored(picture), before: undefined });
      this.start();
      throw problem;
    }
    await this.#pictures.remove(picture);
  }

  /** Go on with what an earlier visit did not finish. */
  async resume() {
    for (const picture of this.#pictures.in("uploading", "submitting", "withdrawing")) {
      const asked = picture.url && picture.state === "submitting";
      if (picture.state === "withdrawing") this.withdraw(picture).catch(() => { /* it is there again */ });
      else if (asked) await this.#pictures.update(picture, { state: "refused", problem: { type: "answer-lost", detail: "" } });
      else await this.#pictures.update(picture, { state: "queued" });
    }
    this.start();
  }

  /** Stop, since another tab goes on. */
  stop() {
    this.#stopped.abort();
  }

  async #run(picture, signal) {
    try {
      if (picture.replaced) {
        await this.#api.withdraw(picture.replaced);
        await this.#pictures.update(picture, { replaced: null });
      }
      await (picture.url ? this.#sendUrl(picture, signal) : this.#sendFile(picture, signal));
    } catch (error) {
      if (signal.aborted) return; // withdrawn, or another tab goes on
      const problem = error instanceof Problem ? error : new Problem("page-fault", { detail: String(error) });
      if (picture.state === "withdrawing") return;
      await this.#pictures.update(picture, { state: "refused", problem: { type: problem.type, detail: problem.detail } });
    }
  }

  async #sendUrl(picture, signal) {
    signal.throwIfAborted();
    picture.live.note = null;
    await this.#pictures.update(picture, { state: "submitting" });
    // Not aborted: where the answer is not read, nobody knows the row that it names.
    await this.#submitted(picture, await this.#api.submitUrl(picture.url, this.#delayOf(picture)));
  }

  async #sendFile(picture, signal) {
    for (let attempt = 1; ; attempt += 1) {
      // After an upload without an answer, or a reload, the object may be there.
      if (picture.uploadId && (await this.#submitUpload(picture, signal))) return;
      if (attempt > ATTEMPTS) throw new Problem("upload-interrupted");
      await this.#upload(picture, signal, attempt);
    }
  }

  async #upload(picture, signal, attempt) {
    this.#step(picture, "uploading");
    const file = await this.#pictures.file(picture);
    if (!file) throw new Problem("file-lost");
    if (!file.size) throw new Problem("file-empty");
    const type = await mediaType(file);
    if (!type) throw new Problem("unsupported-image");
    const grant = await this.#api.createUpload(type, file.size, signal, this.#delayOf(picture));
    await this.#pictures.update(picture, { uploadId: grant.UploadId });
    // What is uploaded survives a reload, so it is kept first.
    await picture.live.saved;
    this.#pictures.show(picture, { progress: 0 });
    try {
      await upload(grant, file, (progress) => this.#pictures.show(picture, { progress }), signal);
    } catch (problem) {
      const isLast = attempt === ATTEMPTS;
      // A bucket that can be reached, and never takes a byte, does not accept this page's origin (CORS).
      const isBlocked = isLast && problem.type === "upload-interrupted" && !picture.live.progress && await answers(grant);
      if (isBlocked) throw new Problem("upload-blocked");
      if (!ANOTHER_ATTEMPT_HELPS.includes(problem.type) || isLast) throw problem;
      if (problem.type === "upload-expired") await this.#pictures.update(picture, { uploadId: null });
      this.#pictures.show(picture, { note: "again" });
      await sleep(backOff(attempt), signal);
    }
  }

  async #submitUpload(picture, signal) {
    signal.throwIfAborted();
    this.#step(picture, "submitting");
    try {
      await this.#submitted(picture, await this.#api.submitUpload(picture.uploadId, this.#delayOf(picture)));
      return true;
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      await this.#pictures.update(picture, { uploadId: null });
      return false;
    }
  }

  /** Return what shows on a picture what its request waits for. */
  #delayOf(picture) {
    return (note) => this.#pictures.show(picture, { note });
  }

  #step(picture, state) {
    Object.assign(picture.live, { progress: null, note: null });
    if (picture.state !== "withdrawing") this.#pictures.update(picture, { state });
  }

  async #submitted(picture, { ImageId }) {
    const state = picture.state === "withdrawing" ? picture.state : "waiting";
    await this.#pictures.update(picture, { imageId: ImageId, submittedAt: Date.now(), state });
  }
}

function restored({ before, imageId }) {
  if (["labelled", "failed", "refused"].includes(before)) return before;
  return imageId ? "waiting" : "queued";
}

function byAge(one, other) {
  return one.batch - other.batch || one.order - other.order;
}
