// What a cell has printed, shown and raised, where the stored result stood.

export const tag = (name, given = {}, ...content) => {
  const element = Object.assign(document.createElement(name), given);
  element.append(...content);
  return element;
};

let outputs = 0;

export class Output {
  element = tag("div", { className: "cell_output here-output" });
  text = ""; // all of it as a notebook would store it
  error = null;
  #printed = null;
  #number = ++outputs;

  constructor(python, own) {
    this.python = python;
    this.own = own; // not in the place of a stored one: names in its drawings must differ from theirs
  }

  hear(message) {
    if (message.kind === "text") this.#print(message);
    if (message.kind === "show") this.#show(message);
    if (message.kind === "error") this.#raise(message);
  }

  // Pieces of text that follow each other stand together.
  #print({ text }) {
    this.text += text;
    if (!this.#printed) {
      this.#printed = tag("pre");
      this.element.append(tag("div", { className: "output stream highlight-none notranslate" },
        tag("div", { className: "highlight" }, this.#printed)));
    }
    this.#printed.append(text);
  }

  #show({ text, html, slider }) {
    this.text += text;
    this.#printed = null;
    if (html === undefined) {
      this.element.append(tag("div", { className: "output text_plain highlight-none notranslate" },
        tag("div", { className: "highlight" }, tag("pre", {}, text))));
      return;
    }
    const place = tag("div", { className: "output text_html" });
    place.innerHTML = this.own ? renamed(html, `-here${this.#number}`) : html;
    for (const table of place.querySelectorAll("table")) {
      if (!table.closest(".pst-scrollable-table-container")) {
        const frame = tag("div", { className: "pst-scrollable-table-container", tabIndex: 0 });
        table.replaceWith(frame);
        frame.append(table);
      }
    }
    for (const figure of place.querySelectorAll("figure.frontier")) offer(figure);
    if (slider !== undefined) move(place.querySelector("figure"), slider, this.python);
    this.element.append(place);
  }

  #raise({ last, line, traceback }) {
    this.error = last;
    this.#printed = null;
    this.text += traceback;
    this.element.append(tag("div", { className: "here-error" },
      tag("p", {}, tag("strong", {}, last), line ? ` (line ${line})` : ""),
      tag("details", {}, tag("summary", {}, "Where it happened"),
        tag("div", { className: "highlight" }, tag("pre", { tabIndex: 0 }, traceback)))));
  }
}

// Give every name in a piece of HTML an ending, where it is given and where it is used.
function renamed(html, ending) {
  const place = tag("template");
  place.innerHTML = html;
  const names = [...place.content.querySelectorAll("[id]")].map((element) => element.id);
  for (const element of place.content.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      const changed = names.reduce((text, id) => {
        if (text === id && ["id", "for", "aria-labelledby", "aria-describedby"].includes(name)) return id + ending;
        if (text === `#${id}`) return `#${id}${ending}`;
        return text.replaceAll(`url(#${id})`, `url(#${id}${ending})`).replaceAll(`url("#${id}")`, `url("#${id}${ending}")`);
      }, value);
      if (changed !== value) element.setAttribute(name, changed);
    }
  }
  return place.innerHTML;
}

// Offer the drawing of a figure as a file, beside its data.
function offer(figure) {
  const link = tag("a", { download: "figure.svg", textContent: "SVG", href: "#" });
  link.setAttribute("aria-label", "SVG of this figure");
  link.addEventListener("click", () => {
    const svg = figure.querySelector("svg").cloneNode(true);
    const [, , width, height] = svg.getAttribute("viewBox").split(" ");
    svg.setAttribute("width", `${width}pt`);
    svg.setAttribute("height", `${height}pt`);
    svg.setAttribute("font-family", "DejaVu Sans, Verdana, sans-serif");
    const white = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ width, height, fill: "#fff" })) white.setAttribute(name, value);
    svg.prepend(white);
    const text = new XMLSerializer().serializeToString(svg)
      .replace(/var\(--[\w-]+,\s*(#\w+)\)/g, "$1").replaceAll("currentColor", "#000");
    link.href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
  figure.querySelector("figcaption")?.append(tag("span", { className: "offers" },
    ...[figure.querySelector("a.data")].filter(Boolean), " ", link));
}

// Let the knobs of a slider ask Python for the frame that is wanted; while it draws, only the last wish counts.
function move(figure, slider, python) {
  const knobs = [...figure.querySelectorAll(".controls :is(input, select)")];
  let wanted = null;
  let drawing = false;
  const draw = async () => {
    if (drawing) return;
    drawing = true;
    while (wanted) {
      const indices = wanted;
      wanted = null;
      try {
        await python.frame(slider, indices, (message) => message.kind === "frame" && put(message));
      } catch {
        figure.querySelector("output").textContent = "Python was stopped: run this cell again.";
        wanted = null;
      }
    }
    drawing = false;
  };
  const put = ({ svg, text, data, settings }) => {
    figure.querySelector("output").textContent = text;
    if (svg === null) return;
    figure.querySelector(".drawing").innerHTML = svg;
    settings.forEach((words, i) => knobs[i].setAttribute("aria-valuetext", words));
    figure.querySelector(".controls label b").textContent = settings[0];
    const link = figure.querySelector("a.data");
    if (link) {
      link.textContent = "Data (CSV)";
      link.href = `data:text/csv;charset=utf-8,${encodeURIComponent(data)}`;
    }
  };
  for (const knob of knobs) {
    knob.addEventListener("input", () => {
      wanted = knobs.map((each) => (each.tagName === "SELECT" ? each.selectedIndex : +each.value));
      draw();
    });
  }
  figure.querySelector(".controls").hidden = false;
}
