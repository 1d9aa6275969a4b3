// The results as text: for a spreadsheet, for a program, for a command line.

import { lookUpPath } from "./api.js";
import { visible } from "./names.js";
import { ofFailure, ofProblem } from "./words.js";

const LABELS = 5;

/** Return a picture's labels of at least a confidence, from 0 to 1. */
export function labelsOf(picture, threshold) {
  return (picture.answer?.Labels ?? []).filter(({ Confidence }) => Confidence >= threshold);
}

/** Return why a picture has no labels: {title, advice, detail, retry}, null where it may get some or has them. */
export function reasonOf(picture) {
  if (picture.state === "failed") {
    return { ...ofFailure(picture.answer.FailureCode), detail: picture.answer.FailureReason ?? "" };
  }
  if (picture.state !== "refused") return null;
  return { ...ofProblem(picture.problem.type), detail: picture.problem.detail };
}

/** Return pictures as CSV (RFC 4180), with labels of at least a confidence. */
export function toCsv(pictures, threshold) {
  const numbers = Array.from({ length: LABELS }, (_, index) => index + 1);
  const header = ["Picture", "Address", "Status", "Reason", "ImageId", "Model", "ClassifiedAt",
    ...numbers.flatMap((number) => [`Label ${number}`, `Confidence ${number}`])];
  const rows = pictures.map((picture) => {
    const { answer } = picture;
    const labels = labelsOf(picture, threshold);
    return [
      picture.name, picture.url, picture.state, reasonOf(picture)?.title, picture.imageId,
      answer?.Model && `${answer.Model.Name} ${answer.Model.Version}`, answer?.ClassifiedAt,
      ...numbers.flatMap((number) => [labels[number - 1]?.Name, labels[number - 1]?.Confidence]),
    ];
  });
  // The mark at the beginning makes Excel read UTF-8.
  return "\ufeff" + [header, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

/** Return a cell. What a spreadsheet would take for a formula is made text (OWASP, CSV Injection). */
function cell(value) {
  if (typeof value === "number") return String(value);
  let text = visible(String(value ?? ""));
  if (/^[=+\-@]/.test(text)) text = `'${text}`;
  return /[",']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Return pictures as JSON, with labels of at least a confidence. */
export function toJson(pictures, threshold) {
  // Within its strings, JSON has the same escapes, so that programs read the names as they are.
  const text = JSON.stringify(pictures.map((picture) => ({
    Picture: picture.name,
    Address: picture.url ?? undefined,
    State: picture.state,
    Problem: picture.problem?.type,
    ImageId: picture.imageId ?? undefined,
    ...picture.answer,
    Labels: picture.answer ? labelsOf(picture, threshold) : undefined,
  })), null, 2);
  return text.split("\n").map(visible).join("\n") + "\n";
}

/** Return the command that looks a picture up. The key comes from the environment, so that it is in no history. */
export function curlLine(picture) {
  return `curl -H "x-api-key: $IMAGELABELLER_API_KEY" '${new URL(lookUpPath(picture.imageId), document.baseURI)}'`;
}

/** Let the browser save a text as a file. */
export function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Copy a text; false where the browser does not let this page. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
