// The upload to the images bucket.

import { Problem } from "./problem.js";

const STALLED_MS = 60_000;

/**
 * Upload a file with a presigned POST. XMLHttpRequest, since fetch reports no progress of an upload.
 *
 * @param {{Url: string, Fields: Object<string, string>}} grant the answer of POST /uploads
 * @param {Blob} file what to upload
 * @param {(share: number) => void} onProgress takes the share that is sent, from 0 to 1
 * @param {AbortSignal} signal ends the upload
 */
export function upload(grant, file, onProgress, signal) {
  const form = new FormData();
  for (const [name, value] of Object.entries(grant.Fields)) form.append(name, value);
  form.append("file", file, "picture"); // S3 ignores what follows the file, and the name is the user's own business
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stalled;
    const alive = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED_MS);
    };
    const abort = () => request.abort();
    request.upload.onprogress = (event) => {
      alive();
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => (request.status >= 200 && request.status < 300 ? resolve() : reject(refusal(request)));
    request.onerror = () => reject(new Problem("upload-interrupted"));
    request.onabort = () => reject(signal.aborted ? signal.reason : new Problem("upload-interrupted"));
    request.onloadend = () => { clearTimeout(stalled); signal.removeEventListener("abort", abort); };
    signal.throwIfAborted();
    signal.addEventListener("abort", abort, { once: true });
    request.open("POST", grant.Url);
    alive();
    request.send(form);
  });
}

/** Whether the bucket answers at all, whatever it lets this page read. */
export function answers(grant) {
  return fetch(grant.Url, { mode: "no-cors", cache: "no-store", credentials: "omit" }).then(() => true, () => false);
}

/** Read an error of S3 (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
function refusal(request) {
  const code = /<Code>([^<]*)<\/Code>/.exec(request.responseText)?.[1] ?? "";
  const message = /<Message>([^<]*)<\/Message>/.exec(request.responseText)?.[1] ?? "";
  const more = { status: request.status, detail: message };
  if (code === "EntityTooLarge") return new Problem("image-too-large", more);
  if (/expired/i.test(message) || code === "ExpiredToken" || code === "RequestTimeout") {
    return new Problem("upload-expired", more);
  }
  if (request.status >= 500 || request.status === 429) return new Problem("temporarily-unavailable", more);
  return new Problem("upload-refused", more);
}
