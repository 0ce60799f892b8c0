{
  // One figure with its controls: a frame is a list of line numbers, a line is one element of the SVG.
  const figure = document.currentScript.closest("figure");
  const find = (selector) => figure.querySelector(selector);
  const data = JSON.parse(find("script[type='application/json']").textContent);
  const [slider, choice] = [find("input"), find("select")];
  const show = () => {
    const frame = +slider.value + data.values.length * (choice ? choice.selectedIndex : 0);
    find(".drawing").innerHTML = data.frames[frame].map((line) => data.lines[line]).join("\n");
    find("output").textContent = data.texts[frame];
    slider.setAttribute("aria-valuetext", data.values[slider.value]);
  };
  for (const control of [slider, choice]) control?.addEventListener("input", show);
  find(".controls").hidden = false;
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
