// Names of files and addresses, which may hold anything, as people and programs may safely see them.

const LONGEST = 60;
const END = 20;
// What would steer a terminal, break a line, or turn the direction of the text around it (UAX 9), and halves of characters.
const STEERING = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Return a text with all that steers how it is shown written as `\u202e`. */
export function visible(text) {
  return text.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Return a name to show: without what steers, and a long one with its beginning and its end only. */
export function shown(name) {
  const characters = [...visible(name)];
  if (characters.length <= LONGEST) return characters.join("");
  return `${characters.slice(0, LONGEST - END - 1).join("")}…${characters.slice(-END).join("")}`;
}

/** Return an address without user name and password, and whether it had any. */
export function withoutCredentials(url) {
  const bare = new URL(url);
  bare.username = bare.password = "";
  const had = bare.href !== new URL(url).href;
  return { url: had ? bare.href : url, had };
}
