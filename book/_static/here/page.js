// A page that runs: each code cell becomes an editor, results come where the stored ones stood.
import { editor } from "./editor.js";
import { Output, tag } from "./output.js";
import { Failed, hindrance, Python, Stopped } from "./python.js";

const ROOT = new URL("../../", import.meta.url);
const ADDRESS = new URL("engine.json", import.meta.url).href;
const WHY = {
  folder: "This page was opened from a folder, and browsers let no such page run Python. On the book's website it can.",
  old: "This browser is too old to run Python in a page. Chromium from version 137 and Firefox from 131 can.",
  download: "The download broke off",
  hash: "A file that came is not the one this page was made with, so nothing of it was run",
  memory: "There is not enough memory left for Python, which needs about 300 MB",
  exit: "Python has ended itself",
  broken: "Python could not go on",
};
const ELSEWHERE = "The menu “Run this page” offers other places.";
const python = new Python(ADDRESS);
const cells = [];
let page = null; // once it is open: what it says and with what, its values, whether it runs
let working = false;
let announced = -1; // quarters of the download

const button = (text, act, given = {}) => {
  const made = tag("button", { type: "button", textContent: text, className: "here-button", ...given });
  made.addEventListener("click", act);
  return made;
};

// What is going on, for eyes and screen readers.
function say(...content) {
  page.status.replaceChildren(...content);
}

class Cell {
  ran = false;

  constructor(number, source, box, own = null) {
    this.number = number;
    this.stored = source;
    this.box = box;
    this.own = own; // not a cell of the chapter: {name, of}
    this.name = own?.name ?? `cell ${number}`;
    this.box.id ||= `here-cell-${number}`;
    const label = tag("span", { id: `${box.id}-name`, className: "here-name", textContent: this.title });
    this.editor = editor(source, `Code of ${this.name}`, (stay) => this.runAndGoOn(stay));
    const run = button("Run", () => runCells([this]));
    run.setAttribute("aria-describedby", label.id);
    this.back = button("Back to the stored result", () => this.restore(), { hidden: true });
    this.tools = tag("div", { className: "here-tools" }, run, label, this.back);
    box.querySelector(".cell_input").replaceChildren(this.tools, this.editor.element);
    this.place = box.querySelector(".cell_output"); // what stands there now
    this.storedPlace = this.place;
  }

  get title() {
    return this.own ? this.name[0].toUpperCase() + this.name.slice(1) : `Cell ${this.number}`;
  }

  put(place) {
    if (this.place) this.place.replaceWith(place);
    else this.box.append(place);
    this.place = place;
  }

  async run() {
    const output = new Output(python, this.own);
    this.output = output;
    this.put(output.element);
    this.box.setAttribute("aria-busy", "true");
    this.back.hidden = !this.storedPlace;
    try {
      await python.run(this.editor.value, this.name, this.own?.of ?? "", (message) => {
        if (message.kind === "progress") say(message.text || `Running ${this.name}`);
        else if (message.kind === "download") downloaded(message);
        else output.hear(message);
      });
    } finally {
      this.box.removeAttribute("aria-busy");
    }
    const { text, error } = output;
    this.ran = !error;
    const detail = { cell: this.number, text, error, megabytes: python.megabytes };
    this.box.dispatchEvent(new CustomEvent("frontier:ran", { bubbles: true, detail }));
    return error;
  }

  // Let the reader choose a file; the line that names the path then names it.
  takeFile() {
    this.chooser = tag("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv" });
    const label = tag("label", { className: "here-file" }, "A CSV of yours ", this.chooser);
    this.tools.append(label, tag("span", { className: "here-name" }, " It is read by this page and goes nowhere."));
    this.chooser.addEventListener("change", async () => {
      const [file] = this.chooser.files;
      if (!file || working) return;
      try {
        await start();
        await python.put(file.name, new Uint8Array(await file.arrayBuffer()));
        this.chooser.value = ""; // so that the same file, changed, can be chosen again
      } catch (error) {
        explain(error);
        return;
      }
      const [, ...rest] = this.editor.value.split("\n");
      const path = JSON.stringify(`/files/${file.name}`);
      this.editor.value = [`path, rows_of = Path(${path}), {}  # all rows of your file`, ...rest].join("\n");
      await runCells([this]);
    });
  }

  restore() {
    this.editor.value = this.stored;
    this.put(this.storedPlace);
    this.back.hidden = true;
    this.ran = false;
    this.editor.area.focus();
    say(`${this.title} shows its stored code and result again`);
  }

  async runAndGoOn(stay) {
    if (!stay) {
      const all = [...cells, ...document.querySelectorAll(".here-own")].map((each) => each.box ?? each);
      const next = all[all.indexOf(this.box) + 1];
      const area = next?.querySelector("textarea");
      area?.closest("details")?.setAttribute("open", "");
      area?.focus();
    }
    await runCells([this]);
  }
}

// Run cells, and before them those above that have not run: a cell may need their names.
async function runCells(wanted, whole = false) {
  if (working) {
    say("Python is still at work: wait for it, or press Stop");
    return;
  }
  const first = wanted[0];
  const before = whole || first.own ? [] : cells.slice(0, cells.indexOf(first)).filter((cell) => !cell.ran);
  const all = [...before, ...wanted];
  const began = performance.now();
  busy(true);
  try {
    await start();
    let failed = null;
    for (const [i, cell] of all.entries()) {
      const needed = before.length ? `${first.title} needs what stands above it. ` : "";
      say(`${needed}Running ${cell.name}${all.length > 1 ? ` (${i + 1} of ${all.length})` : ""}`);
      if (await cell.run()) {
        failed = cell;
        break;
      }
    }
    await renewValues();
    const seconds = `${((performance.now() - began) / 1000).toFixed(1)} s`;
    if (failed) {
      const link = tag("a", { href: `#${failed.box.id}`, textContent: failed.title });
      failed.editor.element.closest("details")?.setAttribute("open", "");
      say(link, ` raised ${failed.output.error}. Done`);
    } else {
      say(`${all.length > 1 ? `${all.length} cells` : wanted[0].title} in ${seconds}. Done`);
    }
  } catch (error) {
    explain(error);
  } finally {
    busy(false);
  }
}

// The numbers in the text: those that a run has changed are renewed and marked.
async function renewValues() {
  if (!page.values.length || !cells.some((cell) => cell.ran)) return;
  const reached = page.values.filter(({ after }) => cells.slice(0, after).every((cell) => cell.ran));
  if (!reached.length) return;
  await python.values(reached.map(({ expression }) => expression), (message) => {
    if (message.kind !== "values") return;
    message.texts.forEach((text, i) => {
      const { span, stored } = reached[i];
      const fresh = tag("template");
      fresh.innerHTML = text ?? stored;
      // The page has spaces that do not break where the value has others.
      const read = (html) => tag("p", { innerHTML: html }).innerHTML.replaceAll("&nbsp;", " ");
      const changed = read(fresh.innerHTML) !== read(stored);
      span.innerHTML = changed ? fresh.innerHTML : stored;
      span.classList.toggle("here-anew", changed);
      if (changed) span.title = `Computed anew; the stored run says ${tag("p", { innerHTML: stored }).textContent}`;
      else span.removeAttribute("title");
    });
  });
}

function downloaded({ done, total, kept }) {
  const mb = (bytes) => (bytes / 1e6).toFixed(1);
  page.progress.hidden = done === total;
  page.progress.max = total;
  page.progress.value = done;
  page.bytes.textContent = done < total ? ` ${mb(done)} of ${mb(total)} MB` : "";
  const quarter = Math.floor((4 * done) / total); // a screen reader hears no more of it than that
  if (quarter !== announced && !kept) say(quarter ? `Fetching Python, ${25 * quarter}%` : "Fetching Python");
  announced = quarter;
}

async function start() {
  if (python.ready) return;
  say("Starting Python");
  const from = performance.now();
  await python.start((message) => {
    if (message.kind === "download") downloaded(message);
    if (message.kind === "starting") say("Starting Python");
    if (message.kind === "unkept") {
      page.note.append(" This browser keeps nothing for the next visit: its storage is switched off.");
    }
  });
  page.progress.hidden = true;
  page.bytes.textContent = "";
  say(`Python is ready, after ${((performance.now() - from) / 1000).toFixed(1)} s`);
  keepForNextTime();
}

function explain(error) {
  page.progress.hidden = true;
  page.bytes.textContent = "";
  for (const cell of cells) cell.ran = false;
  if (error instanceof Stopped) {
    say("Stopped. What the cells had computed is gone from memory; the next run starts anew");
    return;
  }
  const why = error instanceof Failed ? error.why : "broken";
  const detail = why === "exit" || why === "broken" ? ` (${error.message})` : "";
  const again = button("Try again", () => begin(""));
  say(`${WHY[why] ?? WHY.broken}${detail}. ${ELSEWHERE} `, again);
}

function busy(is) {
  working = is;
  page.stop.disabled = !is;
}

function stop() {
  python.stop();
  for (const cell of cells) cell.ran = false;
}

async function restart() {
  stop();
  await new Promise((resolve) => setTimeout(resolve)); // a run that was going on ends first
  busy(true);
  try {
    await start();
    say("Python has started anew, without any names. Done");
  } catch (error) {
    explain(error);
  } finally {
    busy(false);
  }
}

// A service worker keeps the page for a visit without a network. A browser that has none, or no room, goes on.
async function keepForNextTime() {
  try {
    await navigator.serviceWorker.register(new URL("offline.js", ROOT), { scope: ROOT.pathname });
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const own = loaded.filter((name) => name.startsWith(ROOT.href) && !name.includes("/here/engine/"));
    active.postMessage([location.href.split("#")[0], ...new Set(own)]);
  } catch { /* nothing is kept */ }
}

// Turn the page into one that runs; return whether it could be.
async function open() {
  if (page) return page.runs;
  const sheet = tag("link", { rel: "stylesheet", href: new URL("here.css", import.meta.url).href });
  const styled = new Promise((resolve) => { sheet.onload = sheet.onerror = resolve; });
  document.head.append(sheet);
  const status = tag("span", { className: "here-status" });
  status.setAttribute("role", "status");
  const name = document.querySelector("[data-page]").dataset.page;
  const bar = tag("div", { className: "here-bar" });
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "Python in this page");
  const licences = tag("a", { href: new URL("licences.txt", import.meta.url).href, textContent: "Licences" });
  const note = tag("p", { className: "here-note" },
    "Python runs within this page, and nothing you type leaves it. ", licences, " of its parts.");
  const progress = tag("progress", { hidden: true });
  progress.setAttribute("aria-label", "Download of Python");
  page = { bar, status, progress, note, bytes: tag("span", { className: "here-bytes" }), values: [] };
  page.bytes.setAttribute("aria-hidden", "true");
  page.stop = button("Stop", stop, { disabled: true });
  document.querySelector("article h1").after(bar);
  bar.append(status, page.bytes);
  const why = hindrance();
  if (why) {
    say(`${WHY[why]} ${ELSEWHERE}`);
    return false;
  }
  let runs;
  try {
    runs = await (await fetch(new URL(`pages/${name}.json`, import.meta.url))).json();
    await styled;
  } catch {
    page = null;
    const again = button("Try again", () => { bar.remove(); begin(""); });
    status.replaceChildren(`${WHY.download}. ${ELSEWHERE} `, again);
    return false;
  }
  const { cells: sources, values, takes } = runs;
  const whole = button("Run the whole page", () => runCells(cells, true));
  bar.prepend(...(sources.length ? [whole] : []), page.stop, button("Restart", restart));
  bar.append(progress);
  bar.after(note);
  const boxes = document.querySelectorAll("article .cell");
  sources.forEach((source, i) => cells.push(new Cell(i + 1, source, boxes[i])));
  if (takes !== null) cells[takes].takeFile();
  const spans = document.querySelectorAll("article :is(.text_plain, .text_html):is(span).output");
  page.values = values.map(([after, expression], i) => ({
    after, expression, span: spans[i], stored: spans[i].innerHTML,
  }));
  if (values.length) {
    note.append(" Numbers in the text that your runs change are computed anew and marked.");
  }
  return (page.runs = true);
}

// A cell of the reader's own, after an element of the page.
function addCell(after, source, own) {
  const box = tag("div", { className: "cell here-own" }, tag("div", { className: "cell_input" }));
  after.after(box);
  const count = document.querySelectorAll(".here-own").length;
  box.id = `here-own-${count}`;
  return new Cell(0, source, box, own);
}

const OPENERS = {
  empty(pressed) {
    const own = { name: "your own cell", of: "" };
    const start = "import numpy as np\nimport frontier\n\n";
    return addCell(pressed.parentElement, start, own);
  },
  file: () => cells.find((cell) => cell.chooser),
  example(pressed, of) {
    const block = pressed.parentElement.previousElementSibling;
    const before = [...block.parentElement.querySelectorAll(":scope > .doctest")];
    const texts = before.slice(0, before.indexOf(block) + 1).map((each) => each.querySelector("pre").textContent)
      .filter((text, i, all) => i === all.length - 1 || !text.includes("Traceback")); // one that shows an error
    const lines = texts.join("\n").split("\n").filter((line) => /^(>>>|\.\.\.)( |$)/.test(line));
    const cell = addCell(pressed.parentElement, lines.map((line) => line.slice(4)).join("\n"),
      { name: `the example of ${of.replace(/^frontier\./, "")}`, of });
    return cell;
  },
};

// What the buttons of the page call: "" for the page itself, "empty" for a cell, a dotted name for its example.
export async function begin(what, pressed) {
  document.querySelector(".run-page")?.removeAttribute("open");
  if (!(await open())) return;
  let cell = pressed?.opened;
  if (what && !cell) {
    cell = (OPENERS[what] ?? OPENERS.example)(pressed, what);
    pressed.opened = cell;
  }
  if (cell) (cell.chooser ?? cell.editor.area).focus();
  else page.bar.scrollIntoView({ block: "center" });
  if (cell?.own?.of) await runCells([cell]);
  else if (!working) {
    busy(true);
    try {
      await start();
    } catch (error) {
      explain(error);
    } finally {
      busy(false);
    }
  }
}
