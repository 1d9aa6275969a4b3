// The routes of the two APIs, on the origin of this page.

import { Pace } from "./pace.js";
import { Problem } from "./problem.js";
import { backOff, retryAfter, sleep } from "./time.js";

const ATTEMPTS = 6;
const TIMEOUT_MS = 35_000; // API Gateway gives up after 29 seconds
const LOOK_UP_GAP_MS = 100; // a hundred waiting pictures stay within the rate that the look-up accepts by default
const LONGEST_WAIT_SECONDS = 120; // whoever asks for more is out of quota

export class Api extends EventTarget {
  #keys;
  #submissions = new Pace();
  #lookUps = new Pace(LOOK_UP_GAP_MS);

  /** @param {import("./key.js").Keys} keys where the API key comes from */
  constructor(keys) {
    super();
    this.#keys = keys;
  }

  /**
   * Ask for a presigned POST: {UploadId, Url, Fields, ExpiresAt, MaxBytes}.
   *
   * `onDelay`, here and below, takes what the request waits for: "key", "busy", "offline", and null once it does not.
   */
  createUpload(contentType, contentLength, signal, onDelay) {
    return this.#call(this.#submissions, "POST", "uploads", { body: { contentType, contentLength }, signal, onDelay });
  }

  /** Submit what was uploaded; repeating it is harmless. */
  submitUpload(uploadId, onDelay) {
    return this.#call(this.#submissions, "POST", "submit-image", { body: { uploadId }, onDelay });
  }

  /** Submit a picture on the web; repeated only where the API refused it, since each success adds a row. */
  submitUrl(url, onDelay) {
    return this.#call(this.#submissions, "POST", "submit-image", { body: { url }, onDelay, repeatable: false });
  }

  /** Delete a picture and its labels, for good. */
  withdraw(imageId) {
    return this.#call(this.#submissions, "DELETE", `submit-image?imageId=${encodeURIComponent(imageId)}`);
  }

  /** Look labels up: the answer, with the seconds after which to ask again as `retryAfter`. */
  lookUp(imageId, signal) {
    return this.#call(this.#lookUps, "GET", lookUpPath(imageId), { signal, withRetryAfter: true });
  }

  async #call(pace, method, path, { body, signal, onDelay, repeatable = true, withRetryAfter = false } = {}) {
    for (let attempt = 1; ; attempt += 1) {
      const ticket = await pace.turn(signal);
      const key = this.#keys.value;
      let problem;
      try {
        const { response, text } = await request(method, path, key, body, signal);
        if (response.ok) {
          pace.accepted();
          onDelay?.(null);
          const answer = text ? JSON.parse(text) : null;
          return withRetryAfter ? { answer, retryAfter: retryAfter(response.headers.get("Retry-After")) } : answer;
        }
        problem = Problem.of(response, text);
      } catch (error) {
        if (signal?.aborted) throw error;
        // Whether the request arrived is not known.
        problem = new Problem(repeatable ? "no-connection" : "answer-lost");
      }
      if (problem.status === 403) {
        onDelay?.("key");
        await this.#keys.replace(key, problem);
        attempt = 0;
      } else if (problem.status === 429) {
        const seconds = problem.retryAfter ?? backOff(attempt) / 1000;
        if (seconds > LONGEST_WAIT_SECONDS) throw problem;
        pace.slowDown(ticket, seconds);
        onDelay?.("busy");
        this.#waits(problem, seconds);
      } else if (attempt < ATTEMPTS && mayRepeat(problem, repeatable)) {
        const seconds = Math.max(problem.retryAfter ?? 0, backOff(attempt) / 1000);
        if (seconds > LONGEST_WAIT_SECONDS) throw problem;
        this.#waits(problem, seconds);
        onDelay?.(problem.type === "no-connection" ? "offline" : "busy");
        await sleep(seconds * 1000, signal);
      } else {
        throw problem;
      }
    }
  }

  #waits(problem, seconds) {
    this.dispatchEvent(new CustomEvent("wait", { detail: { problem, seconds } }));
  }
}

/** Return the path of a look-up, relative to the page. */
export function lookUpPath(imageId) {
  return `get-image-label?imageId=${encodeURIComponent(imageId)}`;
}

async function request(method, path, key, body, signal) {
  const headers = { Accept: "application/json" };
  if (key) headers["x-api-key"] = key;
  if (body) headers["Content-Type"] = "application/json";
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(new URL(path, document.baseURI), {
    method, headers, body: body && JSON.stringify(body), cache: "no-store", credentials: "omit", redirect: "error",
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  return { response, text: await response.text() };
}

function mayRepeat(problem, repeatable) {
  // 503 refuses a request; the other statuses, and no answer at all, do not tell whether it was carried out.
  return problem.status === 503 || (repeatable && (problem.status >= 500 || problem.type === "no-connection"));
}
