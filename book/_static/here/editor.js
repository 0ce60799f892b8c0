// A place to write Python: a text area, with the same text in colours behind it. The classes are those of Pygments,
// which colours the code of the page.

const WORDS = {
  k: "and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield match case",
  kc: "True False None",
  nb: "abs all any bool dict display enumerate filter float int isinstance len list map max min next open print range " +
    "repr reversed round set sorted str sum tuple type zip",
};
const KIND = new Map(Object.entries(WORDS).flatMap(([kind, words]) => words.split(" ").map((word) => [word, kind])));
const TOKEN = new RegExp(
  [
    /(?<c1>#[^\n]*)/,
    /(?<s>[rbfuRBFU]{0,2}(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
    /(?<mf>\b\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?j?\b)/,
    /(?<word>[\p{L}_][\p{L}\p{N}_]*)/,
    /(?<o>[-+*\/%=<>!&|^~@]+)/,
  ].map((part) => part.source).join("|"),
  "gu",
);

export function coloured(source) {
  const all = document.createDocumentFragment();
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    const name = kind === "word" ? KIND.get(match[0]) : kind;
    if (!name) continue;
    all.append(source.slice(at, match.index));
    const span = Object.assign(document.createElement("span"), { className: name, textContent: match[0] });
    all.append(span);
    at = match.index + match[0].length;
  }
  all.append(`${source.slice(at)}\n`); // a last, empty line has its height
  return all;
}

// Return {element, area, value}. `run(stay)` is called for Shift+Enter and, with true, Control+Enter. The Tab key leads
// on, as everywhere on the page.
export function editor(source, label, run) {
  const element = Object.assign(document.createElement("div"), { className: "here-editor highlight" });
  const shown = Object.assign(document.createElement("div"), { className: "here-colours" });
  shown.setAttribute("aria-hidden", "true");
  const area = Object.assign(document.createElement("textarea"), {
    value: source, spellcheck: false, autocapitalize: "off", autocomplete: "off",
  });
  area.setAttribute("autocorrect", "off");
  area.setAttribute("aria-label", label);
  area.setAttribute("wrap", "off");
  const fit = () => {
    shown.replaceChildren(coloured(area.value));
    area.rows = area.value.split("\n").length;
  };
  area.addEventListener("input", fit);
  area.addEventListener("scroll", () => { shown.scrollLeft = area.scrollLeft; });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      run(!event.shiftKey);
      return;
    }
    const before = area.value.slice(0, area.selectionStart).split("\n").pop();
    const deeper = /:\s*(#.*)?$/.test(before) ? "    " : "";
    const indent = before.match(/^ */)[0] + deeper;
    if (!indent) return;
    event.preventDefault();
    area.setRangeText(`\n${indent}`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  });
  element.append(shown, area);
  fit();
  return {
    element,
    area,
    get value() {
      return area.value;
    },
    set value(text) {
      area.value = text;
      fit();
    },
  };
}
