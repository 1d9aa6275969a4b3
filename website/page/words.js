// What can go wrong, for people: what happened, what to do, and whether trying again can help.
// A test of the project compares these lists with the APIs' OpenAPI documents and the labeller's failure codes.

/** The problem types of the APIs (urn:imagelabeller:problem:…). */
export const PROBLEMS = {
  "forbidden": {
    title: "The API key is missing or was not accepted",
    advice: "Press “API key” at the top, enter the key you were given, and the picture goes on.", retry: true },
  "image-not-available": {
    title: "There is no picture at this address",
    advice: "Open the address in your browser. If the picture needs a login, save it and drop the file here.", retry: true },
  "image-too-large": {
    title: "The picture’s file is too large",
    advice: "Save it smaller, for example as a JPEG, and add it again.", retry: false },
  "internal-error": {
    title: "Something went wrong on our side",
    advice: "It is not your picture’s fault. Try again in a few minutes.", retry: true },
  "invalid-image": {
    title: "The file is damaged or not a usable picture",
    advice: "Open it in another program, save it again, and add the new file.", retry: false },
  "invalid-image-id": {
    title: "The picture’s number is not valid",
    advice: "Remove it here and add the picture again.", retry: false },
  "invalid-request": {
    title: "The service did not understand the request",
    advice: "Reload this page, since it may be an old version, and add the picture again.", retry: true },
  "invalid-url": {
    title: "This is not a usable web address",
    advice: "It must begin with http:// or https:// and hold no user name, password or unusual port.", retry: false },
  "remote-failed": {
    title: "The other website could not be reached",
    advice: "Check the address. If it is right, try again later, or save the picture and drop the file here.", retry: true },
  "remote-timeout": {
    title: "The other website took too long",
    advice: "Try again later, or save the picture and drop the file here.", retry: true },
  "request-too-large": {
    title: "The request was too large",
    advice: "Shorten the address, or save the picture and drop the file here.", retry: false },
  "temporarily-unavailable": {
    title: "The service is busy",
    advice: "Wait a minute and try again.", retry: true },
  "timeout": {
    title: "The service took too long",
    advice: "Wait a minute and try again.", retry: true },
  "too-many-pixels": {
    title: "The picture has too many pixels",
    advice: "At most 50 million are taken, such as 8000 by 6250. Scale it down and add it again.", retry: false },
  "too-many-redirects": {
    title: "The address leads from page to page without an end",
    advice: "Open it in your browser, and use the address of the picture itself.", retry: false },
  "too-many-requests": {
    title: "Too many pictures for now",
    advice: "The key’s allowance may be used up for today. Try again later.", retry: true },
  "unknown-image": {
    title: "The picture is no longer stored",
    advice: "It was withdrawn or has expired. Add it again if you need its labels.", retry: false },
  "unknown-upload": {
    title: "The upload did not arrive or has expired",
    advice: "Try again: the picture is uploaded once more.", retry: true },
  "unsupported-image": {
    title: "This type of file cannot be labelled",
    advice: "Use JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF or HEIC.", retry: false },
  "url-not-allowed": {
    title: "This address is not on the public web",
    advice: "Save the picture and drop the file here.", retry: false },
};

/** Why the labeller gave a picture up: the FailureCode of a look-up. */
export const FAILURES = {
  "picture-missing": {
    title: "The picture is no longer stored", advice: "Add it again.", retry: false },
  "file-too-large": {
    title: "The picture’s file is too large", advice: "Save it smaller, for example as a JPEG, and add it again.", retry: false },
  "too-many-pixels": {
    title: "The picture has too many pixels",
    advice: "At most 50 million are taken, such as 8000 by 6250. Scale it down and add it again.", retry: false },
  "undecodable": {
    title: "The file is damaged or not what it claims to be",
    advice: "Open it in another program, save it again, and add the new file.", retry: false },
  "incomplete": {
    title: "Half of the picture or more is missing from its file",
    advice: "The download or copy may have stopped early: fetch it again and add the new file.", retry: false },
  "too-costly": {
    title: "The picture takes too long to open",
    advice: "Open it in another program, save it as an ordinary JPEG, and add the new file.", retry: false },
  "model-unavailable": {
    title: "The model did not answer", advice: "Add the picture again later.", retry: true },
  "model-busy": {
    title: "The model was busy the whole time", advice: "Add the picture again later.", retry: true },
  "model-refused": {
    title: "The model refused the picture",
    advice: "Tell whoever runs this site if it happens to other pictures, too.", retry: true },
  "model-failed": {
    title: "The model failed", advice: "Add the picture again later.", retry: true },
  "storage-unavailable": {
    title: "The picture could not be read from its storage", advice: "Add the picture again later.", retry: true },
  "not-decoded": {
    title: "The picture could not be opened in time",
    advice: "Try again later, or save it as an ordinary JPEG first.", retry: true },
  "out-of-memory": {
    title: "The picture needs too much memory", advice: "Scale it down and add it again.", retry: false },
  "internal-error": {
    title: "Something went wrong on our side", advice: "Add the picture again later.", retry: true },
  "unfinished": {
    title: "Labelling never finished", advice: "Add the picture again later.", retry: true },
};

/** What this page itself notices. */
export const LOCAL = {
  "answer-lost": {
    title: "No answer came back",
    advice: "The address may have been submitted all the same. “Retry” submits it once more.", retry: true },
  "file-empty": {
    title: "The file is empty",
    advice: "A copy or download may have failed: fetch it again and add the new file.", retry: false },
  "file-lost": {
    title: "The page was closed before it had read the file", advice: "Choose the file again.", retry: false },
  "file-unreadable": {
    title: "The file cannot be read",
    advice: "It may have been moved, changed or be a folder. Choose it again.", retry: false },
  "no-connection": {
    title: "The service cannot be reached",
    advice: "Check your connection to the internet and try again.", retry: true },
  "upload-blocked": {
    title: "The storage accepts no uploads from a page at this address",
    advice: "Open the page at the address that you were given. If this is it, tell whoever runs this site.", retry: true },
  "upload-expired": {
    title: "The upload took longer than its permission allows",
    advice: "A faster connection or a smaller file helps. Also check that your clock is right.", retry: true },
  "upload-interrupted": {
    title: "The upload was interrupted",
    advice: "Check your connection to the internet and try again.", retry: true },
  "upload-refused": {
    title: "The storage did not accept the upload", advice: "Try again. If it happens again, tell whoever runs this site.", retry: true },
};

const OTHER = { title: "Something went wrong", advice: "Try again later.", retry: true };

/** Return what to say of a problem's type, the page's own included. */
export function ofProblem(type) {
  return PROBLEMS[type] ?? LOCAL[type] ?? OTHER;
}

/** Return what to say of a look-up's FailureCode. */
export function ofFailure(code) {
  return FAILURES[code] ?? OTHER;
}
