{
  // One figure with its controls: a frame is a list of line numbers, a line is one element of the SVG.
  const figure = document.currentScript.closest("figure");
  const find = (selector) => figure.querySelector(selector);
  const data = JSON.parse(find("script[type='application/json']").textContent);
  const [slider, choice, drawing, said, play] = ["input", "select", ".drawing", "output", ".play"].map(find);
  const of = (value) => value + data.values.length * (choice ? choice.selectedIndex : 0);
  const lines = (frame) => data.frames[frame].map((line) => data.lines[line]);
  const show = () => {
    const frame = of(+slider.value);
    drawing.innerHTML = lines(frame).join("\n");
    said.textContent = data.texts[frame];
    slider.setAttribute("aria-valuetext", data.values[slider.value]);
    find("label b").textContent = data.values[slider.value];
    hold();
  };
  const input = () => slider.dispatchEvent(new Event("input", { bubbles: true }));
  const change = () => slider.dispatchEvent(new Event("change", { bubbles: true }));

  // The handle of a drawing: where it is in each frame, and a grip over it that moves the slider.
  const [width, height] = find("svg").getAttribute("viewBox").split(" ").slice(2);
  const places = new Map();  // of each frame looked at: a drag looks at all of them at every move
  const at = (frame) => {
    if (!places.has(frame)) places.set(frame, search(lines(frame)));
    return places.get(frame);
  };
  const search = (drawn) => {
    const start = drawn.indexOf('<g class="handle">');
    const mark = start < 0 ? null : drawn.slice(start).find((line) => /^<use|^<path d=/.test(line));
    return mark?.match(/ x="(\S+)" y="(\S+)"| d="M (\S+) (\S+)/)?.slice(1).filter(Boolean).map(Number);
  };
  const grip = at(of(+slider.value)) && document.createElement("span");
  const hold = () => {
    if (!grip) return;
    const place = at(of(+slider.value));
    grip.hidden = !place;
    if (!place) return;
    grip.style.left = `${place[0] / width * 100}%`;
    grip.style.top = `${place[1] / height * 100}%`;
  };
  if (grip) {
    const stage = drawing.parentElement.insertBefore(document.createElement("div"), drawing);
    stage.className = "stage";
    stage.append(drawing, grip);
    grip.className = "grip";
    grip.title = "Drag";
    const drag = (event) => {
      const box = drawing.getBoundingClientRect();
      const [x, y] = [(event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height];
      const far = data.values.map((_, value) => {
        const place = at(of(value));
        return place ? Math.hypot(place[0] - x, place[1] - y) : Infinity;
      });
      const nearest = far.indexOf(Math.min(...far));
      if (nearest === +slider.value) return;
      slider.value = nearest;
      input();
    };
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      grip.addEventListener("pointermove", drag);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      grip.addEventListener(end, () => {
        grip.removeEventListener("pointermove", drag);
        change();
      });
    }
    hold();
  }

  // Play runs through the values in about five seconds; whatever the reader moves stops it.
  if (play && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
    let running = 0;
    const stop = () => {
      if (!running) return;
      clearInterval(running);
      running = 0;
      play.textContent = "Play";
      said.setAttribute("aria-live", "polite");
      change();
    };
    const step = () => {
      slider.value = +slider.value + 1;
      show();
      if (slider.value === slider.max) stop();
    };
    play.addEventListener("click", () => {
      if (running) return stop();
      if (slider.value === slider.max) slider.value = -1;
      said.setAttribute("aria-live", "off");
      play.textContent = "Stop";
      running = setInterval(step, +play.dataset.ms);
    });
    for (const control of [slider, choice]) control?.addEventListener("input", stop);
    play.hidden = false;
  }

  // Room for the longest words, so that nothing below jumps; before a reader moves it, as the width may change.
  const makeRoom = () => {
    for (const [box, words, texts] of [[said, said, data.texts], [find("label"), find("label b"), data.values]]) {
      const kept = words.textContent;
      box.style.minHeight = "";
      const heights = [...texts].sort((one, other) => other.length - one.length).slice(0, 8).map((text) => {
        words.textContent = text;
        return box.offsetHeight;
      });
      words.textContent = kept;
      box.style.minHeight = `${Math.max(...heights)}px`;
    }
  };
  for (const start of ["focusin", "pointerdown"]) figure.addEventListener(start, makeRoom, { once: true });

  for (const control of [slider, choice]) control?.addEventListener("input", show);
  find(".controls").hidden = false;
  makeRoom();
  // On the site the address holds the setting, so that it can be sent; elsewhere the address is not ours.
  if ("content_root" in document.documentElement.dataset) {
    const [, at, which] = location.hash.match(`^#${figure.id}=(\\d+)(?:,(\\d+))?$`) ?? [];
    if (at <= +slider.max && (which ?? 0) < (choice?.length ?? 1)) {
      slider.value = at;
      if (choice) choice.selectedIndex = which ?? 0;
      show();
      figure.scrollIntoView();
    }
    const keep = () => {
      const setting = choice ? `${slider.value},${choice.selectedIndex}` : slider.value;
      try {
        history.replaceState(history.state, "", `#${figure.id}=${setting}`);
      } catch { /* a browser allows some hundred changes a minute */ }
    };
    for (const control of [slider, choice]) control?.addEventListener("change", keep);
  }
}
