// A request that did not succeed.

import { retryAfter } from "./time.js";

const PREFIX = "urn:imagelabeller:problem:";
// What stands between this page and the functions may answer without a problem document.
const BY_STATUS = {
  403: "forbidden", 413: "request-too-large", 429: "too-many-requests",
  502: "temporarily-unavailable", 503: "temporarily-unavailable", 504: "timeout",
};

export class Problem extends Error {
  /**
   * @param {string} type a key of PROBLEMS or LOCAL in words.js, or one that is newer than this page
   * @param {{detail?: string, status?: number, retryAfter?: number|null}} more
   */
  constructor(type, { detail = "", status = 0, retryAfter = null } = {}) {
    super(detail || type);
    Object.assign(this, { type, detail, status, retryAfter });
  }

  /** Read a response that is not a success: a problem document (RFC 9457), or whatever else there is. */
  static of(response, text) {
    let document = {};
    try { document = JSON.parse(text) ?? {}; } catch { /* a page of a proxy, say */ }
    const type = String(document.type ?? "").startsWith(PREFIX)
      ? document.type.slice(PREFIX.length)
      : BY_STATUS[response.status] ?? (response.status < 500 ? "invalid-request" : "internal-error");
    return new Problem(type, {
      detail: typeof document.detail === "string" ? document.detail : "",
      status: response.status,
      retryAfter: retryAfter(response.headers.get("Retry-After")),
    });
  }
}
