// Python as the page sees it: start, run, stop, files. Another engine would take this place.

export class Stopped extends Error {}

export class Failed extends Error {
  constructor(why, text) {
    super(text);
    this.why = why;
  }
}

// A module that catches an exception in the way that came last: what an old browser cannot read.
const NEW = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 31, 64, 0, 11, 11];

// Why this browser cannot run it; nothing if it can.
export function hindrance() {
  if (location.protocol === "file:") return "folder";
  const able = typeof WebAssembly === "object" && typeof DecompressionStream === "function" &&
    WebAssembly.validate(new Uint8Array(NEW));
  return able ? null : "old";
}

export class Python {
  #worker = null;
  #last = Promise.resolve(); // tasks go one after the other
  #current = null;
  #address;
  ready = false;
  megabytes = 0;

  constructor(address) {
    this.#address = address;
  }

  // Start it, if it is not there; `hear` gets the messages of the download.
  start(hear = () => {}) {
    if (this.#worker) return this.#last;
    this.#worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#heard(data);
    this.#worker.onerror = (event) => this.#heard({ kind: "failed", why: "broken", text: event.message ?? "" });
    return this.#ask({ task: "start", address: this.#address }, hear).then(() => {
      this.ready = true;
    });
  }

  // Each of these hears messages while it works, and ends when Python is free again.
  run(source, name, of, hear) {
    return this.#ask({ task: "run", source, name, of }, hear);
  }

  values(expressions, hear) {
    return this.#ask({ task: "values", expressions }, hear);
  }

  frame(slider, indices, hear) {
    return this.#ask({ task: "frame", slider, indices }, hear);
  }

  put(name, bytes) {
    return this.#ask({ task: "put", name, bytes }, () => {});
  }

  // Python cannot be interrupted, so it ends, with all its names.
  stop() {
    this.#worker?.terminate();
    this.#worker = null;
    this.ready = false;
    this.#current?.reject(new Stopped("stopped"));
    this.#current = null;
    this.#last = Promise.resolve();
  }

  #ask(message, hear) {
    const worker = this.#worker;
    const turn = () =>
      new Promise((resolve, reject) => {
        if (!worker || worker !== this.#worker) throw new Stopped("stopped");
        this.#current = { hear, resolve, reject };
        worker.postMessage(message);
      });
    const done = this.#last.then(turn);
    this.#last = done.catch(() => {});
    return done;
  }

  #heard(message) {
    const current = this.#current;
    if (message.kind === "done") {
      this.megabytes = message.megabytes;
      this.#current = null;
      current?.resolve();
    } else if (message.kind === "failed") {
      this.#current = null;
      this.#worker?.terminate();
      this.#worker = null;
      this.ready = false;
      current?.reject(new Failed(message.why, message.text));
    } else {
      current?.hear(message);
    }
  }
}
