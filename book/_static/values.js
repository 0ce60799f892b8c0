// Values on hover and tap: the data of a figure stand in its file, the drawing says where its axes are.
(() => {
  const NEAR = 22; // pixels
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const raised = (power) => (power < 0 ? "⁻" : "") + [...String(Math.abs(power))].map((digit) => digits[digit]).join("");
  const number = (x) => {
    const size = Math.abs(x);
    if (size && (size >= 1e6 || size < 1e-3)) {
      const [part, power] = x.toExponential(1).split("e");
      return `${part.replace(/\.0$/, "")} × 10${raised(+power)}`;
    }
    const rounded = +x.toPrecision(3);
    return Number.isInteger(rounded) && size >= 1e4 ? rounded.toLocaleString("en") : String(rounded);
  };
  const cells = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)]
    .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);

  // The points of a figure: place in the drawing, name, and what the axes say of it.
  function points(text, panels) {
    const told = (kind) => (kind.startsWith("bare") ? null : undefined); // null: its numbers say nothing
    const axes = panels.split(";").map((panel) => {
      const [left, low, right, top, ...rest] = panel.split(" ");
      const scale = (kind, from, to, start, end) => {
        const along = kind.endsWith("log") ? Math.log : Number;
        return (value) => +start + (along(value) - along(from)) / (along(to) - along(from)) * (end - start);
      };
      return panel && { x: scale(...rest.slice(0, 3), left, right), y: scale(...rest.slice(3), low, top), said: { x: told(rest[0]), y: told(rest[3]) } };
    });
    const found = [];
    for (const line of text.split("\n")) {
      const note = line.match(/^# panel (\d+): (.*)$/);
      if (note && axes[note[1] - 1]) {
        const { said } = axes[note[1] - 1];
        for (const [, axis, name] of note[2].matchAll(/(?:^|; )([xy]) is (.*?)(?=; [xy] is |$)/g)) said[axis] = name;
        const words = note[2].match(/^([xy]) -?[\d.e+-]+ is /); // its ticks are words
        if (words) said[words[1]] = null;
      }
      const [panel, series, ...row] = cells(line);
      const axis = axes[panel - 1];
      if (line.startsWith("#") || !axis || series.startsWith("words: ")) continue;
      const [x, xEnd, y, yEnd] = row.map((cell) => (cell === "" ? NaN : +cell));
      const span = (name, from, to) => (axis.said[name] === null || Number.isNaN(from) ? null :
        `${axis.said[name] ?? name}: ${number(from)}${Number.isNaN(to) ? "" : ` to ${number(to)}`}`);
      const told = [span("x", x, xEnd), span("y", y, yEnd)].filter(Boolean);
      const named = /^(line|points|interval|band|bars) \d+ \(/.test(series) ? [] : [series];
      for (const across of [x, xEnd]) {
        for (const up of [y, yEnd]) {
          const place = [axis.x(across), axis.y(up)];
          if (place.every(Number.isFinite)) found.push({ place, lines: [...named, ...told] });
        }
      }
    }
    return found;
  }

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("aria-hidden", "true"); // who listens has the data as a file
  const hide = () => tip.remove();

  // Of a slider the file has the first setting: what still stands where it stood then is told.
  const stands = (figure) => {
    if (!figure.matches(".explore")) return () => true;
    const marks = [...figure.querySelectorAll("svg use")].map((mark) => [+mark.getAttribute("x"), +mark.getAttribute("y")]);
    return ({ place }) => marks.some(([x, y]) => Math.hypot(x - place[0], y - place[1]) < 0.2);
  };

  for (const figure of document.querySelectorAll("figure.frontier")) {
    const first = figure.querySelector("svg[data-panels]");
    const link = figure.querySelector("a.data");
    if (!first || !link) continue;
    const { panels } = first.dataset;
    const stage = figure.querySelector(".drawing") ?? first; // a slider replaces its drawing
    let all = null;
    const load = async () => {
      all ??= fetch(link.href).then((answer) => answer.text()).then((text) => points(text, panels), () => []);
      return all;
    };
    const show = async (event) => {
      const known = (await load()).filter(stands(figure));
      const svg = figure.querySelector("svg");
      const matrix = svg.getScreenCTM();
      const far = ({ place }) => Math.hypot(matrix.a * place[0] + matrix.e - event.clientX, matrix.d * place[1] + matrix.f - event.clientY);
      // Of two in one place the later one, which is drawn above.
      const nearest = known.reduce((best, point) => (!best || far(point) <= far(best) ? point : best), null);
      if (!nearest || far(nearest) > NEAR) return hide();
      tip.replaceChildren(...nearest.lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
      document.body.append(tip);
      const [x, y] = [matrix.a * nearest.place[0] + matrix.e, matrix.d * nearest.place[1] + matrix.f];
      const wide = document.documentElement.clientWidth;
      tip.style.left = `${Math.max(8, Math.min(x - tip.offsetWidth / 2, wide - tip.offsetWidth - 8)) + scrollX}px`;
      tip.style.top = `${(y - tip.offsetHeight - 12 < 0 ? y + 14 : y - tip.offsetHeight - 12) + scrollY}px`;
    };
    stage.addEventListener("pointerenter", load, { once: true });
    stage.addEventListener("pointermove", (event) => event.pointerType === "mouse" && show(event));
    stage.addEventListener("click", show);
    stage.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
    figure.addEventListener("input", hide);
  }
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", (event) => event.target.closest?.("svg[data-panels]") || hide());
})();
