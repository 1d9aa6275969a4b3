// What the browser keeps as text. Where it may not, or has no room, this page remembers it until it is closed.

class Texts {
  #storage = null;
  #unkept = new Map();

  /** @param {"localStorage"|"sessionStorage"} name */
  constructor(name) {
    try {
      this.#storage = globalThis[name];
    } catch { /* The user forbids this site to keep anything. */ }
  }

  /** Return a text, null for none. */
  get(name) {
    return this.#unkept.get(name) ?? this.#storage?.getItem(name) ?? null;
  }

  set(name, text) {
    this.remove(name);
    try {
      this.#storage.setItem(name, text);
    } catch {
      this.#unkept.set(name, text);
    }
  }

  remove(name) {
    this.#unkept.delete(name);
    this.#storage?.removeItem(name);
  }
}

/** For the tab's session. */
export const session = new Texts("sessionStorage");
/** For longer, and for every tab. */
export const device = new Texts("localStorage");
