// What a file is, by its bytes, and a small copy of it to show.

import { Problem } from "./problem.js";

const WIDTH = 320;
const EXTENSIONS = /\.(jpe?g|png|gif|webp|bmp|tiff?|avif|hei[cf])$/i;
const SIGNATURES = [
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/png", /^\x89PNG\r\n\x1a\n/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
  ["image/bmp", /^BM/],
  ["image/tiff", /^(?:II\*\0|MM\0\*)/],
  ["image/avif", /^[^]{4}ftyp(?:[^]{4})*?avi[fs]/],
  ["image/heic", /^[^]{4}ftyp(?:[^]{4})*?(?:hei[cxms]|hev[cxms]|mif1|msf1)/],
];

/** Return the media type that a file's first bytes show, null for none that is accepted. Throws where it is unreadable. */
export async function mediaType(file) {
  let bytes;
  try {
    bytes = new Uint8Array(await file.slice(0, 64).arrayBuffer());
  } catch {
    throw new Problem("file-unreadable");
  }
  const text = String.fromCharCode(...bytes);
  return SIGNATURES.find(([, signature]) => signature.test(text))?.[0] ?? null;
}

/** Whether a file in a folder is to be taken. */
export function looksLikePicture(file) {
  return file.type.startsWith("image/") || EXTENSIONS.test(file.name);
}

let last = Promise.resolve();

/**
 * Return a small copy of a picture, null where the browser cannot show it.
 *
 * One at a time and decoded to the small size: a hundred large photographs would not fit into memory.
 */
export function thumbnail(file) {
  const made = last.then(() => shrink(file)).catch(() => null);
  last = made;
  return made;
}

async function shrink(file) {
  const bitmap = await createImageBitmap(file, { resizeWidth: WIDTH, resizeQuality: "medium" });
  try {
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    return await canvas.convertToBlob({ type: "image/webp", quality: 0.8 });
  } finally {
    bitmap.close();
  }
}
