// Waiting: for a time, and for longer each time.

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Wait for some milliseconds; rejects as soon as the signal aborts. */
export function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => { clearTimeout(timer); reject(signal.reason); };
    const timer = setTimeout(() => { signal?.removeEventListener("abort", stop); resolve(); }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Return the milliseconds before the given attempt (1, 2 …): half as much again each time, within a tenth. */
export function backOff(attempt) {
  const milliseconds = Math.min(LONGEST_MS, FIRST_MS * 1.5 ** (attempt - 1));
  return milliseconds * (0.9 + Math.random() * 0.2);
}

/** Return the seconds that a Retry-After header asks for, a number or a date (RFC 9110, 10.2.3); null without one. */
export function retryAfter(header) {
  if (!header) return null;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}
