// What a reload must not lose, in the browser's own database: a record per picture, its file until it has labels, and
// its thumbnail.

const NAME = "imagelabeller";
const STORES = ["records", "files", "thumbnails"];

export class Store {
  #database = null;

  /**
   * Open the database. Where the browser has none, as in some private windows, nothing survives a reload.
   *
   * Each time under a new version, for which the browser lets nobody else write: a tab from which this one took over
   * has no connection any more, and what it learns too late cannot replace what is known here.
   *
   * @param {() => void} onBlocked is called where a tab does not give its connection up, which is waited for
   */
  async open(onBlocked) {
    try {
      if (!globalThis.indexedDB) return;
      const before = await settled(this.#prepared(indexedDB.open(NAME)));
      const { version } = before;
      before.close();
      const opening = this.#prepared(indexedDB.open(NAME, version + 1));
      opening.onblocked = onBlocked;
      const database = await settled(opening);
      database.onversionchange = () => {
        this.#database = null;
        database.close();
      };
      this.#database = database;
    } catch (error) {
      if (error.name === "VersionError") await this.open(onBlocked); // another tab opened it in between
      // Otherwise it is refused: work without.
    }
  }

  #prepared(request) {
    request.onupgradeneeded = () => {
      const { result } = request;
      STORES.filter((name) => !result.objectStoreNames.contains(name)).forEach((name) => result.createObjectStore(name));
    };
    return request;
  }

  /** Return every record. */
  async records() {
    return (await this.#run("records", "readonly", (store) => store.getAll())) ?? [];
  }

  /** Keep a record, under its id. */
  saveRecord(record) {
    return this.#run("records", "readwrite", (store) => store.put(record, record.id));
  }

  /** Keep a file; false where there is no room for it. */
  async saveFile(id, file) {
    return (await this.#run("files", "readwrite", (store) => store.put(file, id))) !== undefined;
  }

  file(id) {
    return this.#run("files", "readonly", (store) => store.get(id));
  }

  dropFile(id) {
    return this.#run("files", "readwrite", (store) => store.delete(id));
  }

  saveThumbnail(id, blob) {
    return this.#run("thumbnails", "readwrite", (store) => store.put(blob, id));
  }

  thumbnail(id) {
    return this.#run("thumbnails", "readonly", (store) => store.get(id));
  }

  /** Forget a picture. */
  remove(id) {
    return Promise.all(STORES.map((name) => this.#run(name, "readwrite", (store) => store.delete(id))));
  }

  /** Return the result; undefined where there is no room, or the user has deleted what the browser kept. */
  async #run(name, mode, operate) {
    if (!this.#database) return undefined;
    try {
      const transaction = this.#database.transaction(name, mode);
      const request = operate(transaction.objectStore(name));
      if (mode === "readonly") return await settled(request);
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      return request.result;
    } catch {
      return undefined;
    }
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
