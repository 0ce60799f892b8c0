// Python in a worker: the page's own CPython, started once, that runs one cell after the other.
//
// The page sends {task, ...}, one at a time, and gets messages until {kind: "done"} or {kind: "failed"}.
// Python itself runs without a break, so whoever wants to stop it ends the worker.
import { fetchList, fetchParts } from "./download.js";
import { Exit, File, Folder, Outlet, system } from "./wasi.js";

const ZIP = "/usr/local/lib/python315.zip";
// As files and not as an archive: its data are read by their paths.
const OPEN_BOOK = `
import sys, zipfile
zipfile.ZipFile("/lib/book.zip").extractall("/book")
sys.path.insert(0, "/book")
import session`;
const bytesOf = new TextEncoder();
const words = new TextDecoder();
let engine; // after the start: the parts of Python that are there, its folders, its memory, and `turn`, which runs code

const say = (message) => postMessage(message);

// Python writes each message as a line of JSON to this file (session.py).
function mouth() {
  let rest = "";
  const text = new TextDecoder();
  return new Outlet((chunk) => {
    const lines = (rest + text.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines) say(JSON.parse(line));
  });
}

async function start({ address }) {
  const list = await fetchList(address);
  const parts = await fetchParts(address, list, (part) => !part.when, say);
  say({ kind: "starting" });
  const [files, library, letters] = [new Folder(), new Folder(), new Folder()];
  const add = (part, bytes) => library.put(`${part.name}.zip`, new File(bytes));
  let module;
  for (const [part, bytes] of parts) {
    if (part.name === "python") {
      const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      const type = { headers: { "Content-Type": "application/wasm" } };
      module = await WebAssembly.compileStreaming(new Response(plain, type));
    } else {
      add(part, bytes);
    }
  }
  const stray = (chunk) => say({ kind: "text", text: words.decode(chunk) }); // what C code prints
  const { wasi, attach } = system({
    args: ["python"],
    env: ["HOME=/tmp", "MPLCONFIGDIR=/tmp", "PYTHONDONTWRITEBYTECODE=1", "PYTHONTZPATH=", "TMPDIR=/tmp"],
    outlets: [new Outlet(stray), new Outlet(stray)],
    roots: {
      "/usr/local/lib": new Folder({ "python315.zip": library.entries.get("library.zip") }),
      // Matplotlib looks for its data inside the archive; a folder of that name answers, which the book fills.
      [`${ZIP}/matplotlib/mpl-data`]: letters,
      "/lib": library,
      "/book": new Folder({ "mpl-data": letters }),
      "/tmp": new Folder(),
      "/files": files,
      "/host": new Folder({ say: mouth() }),
    },
  });
  const instance = await WebAssembly.instantiate(module, {
    wasi_snapshot_preview1: wasi,
    host: { call: () => -1 }, // another way to the host, which we do not use
  });
  attach(instance);
  const { memory, _initialize, host_alloc, turn } = instance.exports;
  _initialize();
  engine = {
    files,
    library,
    add,
    memory,
    address,
    list,
    turn(source) {
      const bytes = bytesOf.encode(source);
      const at = host_alloc(bytes.length);
      new Uint8Array(memory.buffer).set(bytes, at);
      return turn(at, bytes.length);
    },
  };
  if (engine.turn(OPEN_BOOK)) {
    throw new Error("Python could not be started");
  }
}

// Some archives come only when a cell speaks of what is in them.
async function load(source) {
  const wanted = (part) => part.when && !engine.library.entries.has(`${part.name}.zip`) &&
    new RegExp(part.when).test(source);
  for (const [part, bytes] of await fetchParts(engine.address, engine.list, wanted, say)) {
    engine.add(part, bytes);
    engine.turn(`sys.path.append('/lib/${part.name}.zip')`);
  }
}

// A string of JSON is one of Python as well.
const literal = (value) => JSON.stringify(value);

const tasks = {
  start,
  async run({ source, name, of }) {
    await load(source);
    engine.turn(`session.run(${literal(source)}, ${literal(name)}, ${literal(of)})`);
  },
  values({ expressions }) {
    engine.turn(`session.values(${literal(expressions)})`);
  },
  frame({ slider, indices }) {
    engine.turn(`session.frame(${slider}, ${literal(indices)})`);
  },
  put({ name, bytes }) {
    engine.files.put(name, new File(bytes));
  },
};

onmessage = async ({ data }) => {
  try {
    await tasks[data.task](data);
    say({ kind: "done", megabytes: engine ? engine.memory.buffer.byteLength / 2 ** 20 : 0 });
  } catch (error) {
    const memory = error instanceof RangeError || /out of memory|could not allocate/i.test(error.message);
    const why = error.why ?? (error instanceof Exit ? "exit" : memory ? "memory" : "broken");
    say({ kind: "failed", why, text: String(error.message) });
  }
};
