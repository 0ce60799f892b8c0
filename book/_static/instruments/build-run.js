// Build your run: closed forms over constants of the package. _ext/instruments.py says the same without a script,
// tests/test_instruments.py holds both together.
{
  const data = null;
  const form = document.getElementById("run");
  const { log10, log, exp, sqrt, expm1, log1p, min, max, abs } = Math;

  // What is computed

  const quantile = (sorted, share) => {
    const at = share * (sorted.length - 1), below = Math.floor(at);
    return sorted[below] + (at - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
  };
  const logAdd = (a, b) => max(a, b) + log1p(exp(-abs(a - b)));

  // How many times the least compute for its loss a run spends: frontier.scaling.excess_compute.
  const excess = ({ A, B, alpha, beta }, params, tokens) => {
    const joint = alpha * beta / (alpha + beta), q = joint / beta, p = joint / alpha;
    const t = log(alpha * A) - alpha * log(params) - log(beta * B) + beta * log(tokens);
    return exp(abs(t) < 1
      ? log1p(q * expm1(-t)) / alpha + log1p(p * expm1(t)) / beta
      : logAdd(log(p), log(q) - t) / alpha + logAdd(log(q), log(p) + t) / beta);
  };

  const results = ({ params, tokens, chip, chips, mfu, bits, price }) => {
    const [peak, watts] = data.chips[chip], { law, overhead } = data;
    const flop = 6 * params * tokens, seconds = flop / (peak * mfu * chips);
    const rated = watts * chips * seconds, energy = rated * overhead;
    const loss = (E, A, B, alpha, beta) => E + A * params ** -alpha + B * tokens ** -beta;
    const [Es, As, Bs, alphas, betas] = data.draws;
    const refits = Float64Array.from(Es, (E, k) => loss(E, As[k], Bs[k], alphas[k], betas[k])).sort();
    const perJoule = peak * mfu / (watts * overhead);
    // What the limits do not know of the run; all others allow so much compute.
    const own = [tokens * tokens, flop / perJoule, flop, flop, flop, flop, flop * bits, params * params];
    return {
      flop, seconds, rated, energy,
      power: energy / seconds,
      dollars: energy / 3.6e6 * price,
      loss: [loss(law.E, law.A, law.B, law.alpha, law.beta), ...data.band.map((share) => quantile(refits, share))],
      excess: excess(law, params, tokens),
      overhead: energy / flop / (bits * data.ktln2),
      left: data.left.map((limit, k) => limit.map((most) => most / own[k])),
    };
  };
  form.results = results;

  // What is said

  const powers = (n) => String(n).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
  const scientific = (value, digits = 2) => {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    const power = `10${powers(+exponent)}`;
    return +mantissa === 1 ? power : `${mantissa}\u00a0×\u00a0${power}`;
  };
  const scales = [[1e12, " trillion"], [1e9, " billion"], [1e6, " million"], [1e3, " thousand"], [1, ""]];
  const grouped = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 12 });
  const compact = (value, digits = 2) => {
    const rounded = +value.toPrecision(digits);
    if (rounded > 1e15) return scientific(value, digits);
    const [size, word] = scales.find(([least]) => rounded >= least) ?? [1, ""];
    return grouped(+(rounded / size).toPrecision(12)) + word;
  };
  const amount = (value, digits = 2) => {
    if (value < 1e-3 || value >= 1e15) return scientific(value, digits);
    return value < 1e6 ? grouped(+value.toPrecision(digits)) : compact(value, digits);
  };
  const growth = (times) => times >= 1 ? `${amount(times)} times` : `passed, ${amount(1 / times)} times`;
  const units = [["years", 31557600], ["days", 86400], ["hours", 3600], ["minutes", 60], ["seconds", 1]];
  const inTime = (seconds) => {
    const [name, size] = units.find(([, least]) => seconds >= least) ?? units.at(-1);
    const count = compact(seconds / size);
    return `${count} ${count === "1" ? name.slice(0, -1) : name}`;
  };
  const entry = (name, value) =>
    name === "mfu" ? `${+(100 * value).toPrecision(3)}%` : amount(value, 6).replace(/\.?0+(?=\s×)/, "");
  const listed = (words) => [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");

  const verdict = (left) => {
    const order = left.map((_, k) => k).sort((a, b) => left[a][0] - left[b][0]);
    const passed = order.filter((k) => left[k][0] < 1).map((k) => data.ladder[k]);
    const [first, second] = order.filter((k) => left[k][0] >= 1);
    const said = data.ladder[first], nature = min(...left.slice(-2).map(([middle]) => middle));
    const times = growth(left[first][0]), binds = /(dollars|made)$/.test(said) ? "bind" : "binds";
    const head = passed.length
      ? `This run cannot be: it is past ${listed(passed)}. Next would be ${said}, at ${times}.`
      : `${said[0].toUpperCase()}${said.slice(1)} ${binds} first: this run could take ${times} as much compute `
        + `(${amount(left[first][1])} to ${amount(left[first][2])}). `
        + `Next is ${data.ladder[second]}, at ${growth(left[second][0])}.`;
    return `${head} The first law of nature stands at ${growth(nature)}.`;
  };

  const words = (run, found, note) => {
    const [, low, high] = found.loss.map((x) => x.toFixed(3));
    return {
      verdict: verdict(found.left),
      setting: `${amount(run.params, 3)} parameters read ${amount(run.tokens, 3)} tokens, on ${entry("chips", run.chips)} `
        + `${run.chip} at ${entry("mfu", run.mfu)} of their peak in 16 bits. Assumed: ${entry("bits", run.bits)} bits `
        + `erased in an operation, ${entry("price", run.price)} dollars for a kilowatt-hour. ${note}`.trim(),
      flop: `${scientific(found.flop, 3)} FLOP`,
      days: inTime(found.seconds),
      energy: `${amount(found.energy / 3.6e9)} MWh`,
      "energy-note": `${amount(found.power / 1e6)} MW; the chips alone ${amount(found.rated / 3.6e9)} MWh`,
      dollars: `${amount(found.dollars)} dollars`,
      loss: `${found.loss[0].toFixed(3)} nats`,
      "loss-note": `95% of the refits: ${low} to ${high}`,
      excess: `${amount(found.excess, 3)} times`,
      overhead: `${amount(found.overhead)} times`,
    };
  };

  // What is shown

  const [least, most] = data.decades;
  const place = (value) => 100 * min(max((log10(value) - least) / (most - least), 0), 1);
  const says = [...form.querySelectorAll("[data-says]")], rungs = [...form.querySelectorAll("li")];
  const presets = [...form.querySelectorAll("[name=preset]")];
  const entries = [...form.querySelectorAll("input[type=text]")], chip = form.querySelector("select");
  const slider = (name) => form.querySelector(`input[type=range][name=${name}]`);
  const names = Object.keys(data.presets[0].run);
  let run;

  const show = () => {
    const known = data.presets.findIndex((preset) => names.every((name) => preset.run[name] === run[name]));
    presets.forEach((button, k) => button.setAttribute("aria-pressed", k === known));
    const found = results(run), texts = words(run, found, data.presets[known]?.note ?? "");
    for (const part of says) {
      if (part.textContent !== texts[part.dataset.says]) part.textContent = texts[part.dataset.says];
    }
    rungs.forEach((rung, k) => {
      const [middle, low, high] = found.left[k], here = place(1), end = place(middle);
      const [bar, band] = rung.querySelectorAll("i");
      rung.className = middle < 1 ? "passed" : end === 100 ? "beyond" : "";
      rung.querySelector("b").textContent = growth(middle);
      rung.querySelector(".range").textContent = `(${amount(low)} to ${amount(high)})`;
      Object.assign(bar.style, { left: `${min(here, end)}%`, width: `${abs(end - here)}%` });
      Object.assign(band.style, { left: `${place(low)}%`, width: `${place(high) - place(low)}%` });
    });
  };
  const showSlider = (name) => {
    const range = slider(name);
    range.value = log10(run[name]);
    range.setAttribute("aria-valuetext", `${entry(name, run[name])} ${range.dataset.unit}`.replace("% of", " per cent of"));
  };
  const showFields = () => {
    for (const field of entries) {
      field.value = entry(field.name, run[field.name]);
      wrong(field, "");
      showSlider(field.name);
    }
    chip.value = run.chip;
  };
  const take = (chosen) => {
    run = { ...chosen };
    showFields();
    show();
  };

  // What is typed

  const tens = {
    "": 0, k: 3, thousand: 3, m: 6, mn: 6, million: 6, b: 9, bn: 9, billion: 9, t: 12, tn: 12, trillion: 12, quadrillion: 15,
  };
  const read = (text, name) => {
    const bare = text.trim().toLowerCase().replace(/^\$\s*|\s*(dollars|parameters|tokens|chips|bits)$/g, "");
    const plain = bare.replace(/\s*(?:[×x*]\s*10\s*(?:\^|\*\*)?\s*)([-+]?\d+|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/, (_, n) =>
      `e${n.replace(/[^-+\d]/g, (sign) => "-0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)])}`);
    const [, number, suffix] = plain.match(/^([\d.,\s_]*\d[\d.,\s_]*?(?:e[-+]?\d+)?)\s*([a-z]*|%)$/) ?? [];
    if (number === undefined) return NaN;
    const [digits, power] = number.trim().split("e");
    const whole = /^\d{1,3}([,\s_]\d{3})+(\.\d+)?$/.test(digits) ? digits.replace(/[,\s_]/g, "") : digits;
    const share = suffix === "%" && name === "mfu";
    if (!/^(\d+\.?\d*|\.\d+)$/.test(whole) || !(share || suffix in tens)) return NaN;
    return Number(`${whole}e${+(power ?? 0) + (share ? -2 : tens[suffix])}`);
  };
  const shown = (name, value) => name === "mfu" ? entry(name, value) : amount(value);
  const fault = (field, value) => {
    const label = field.labels[0].textContent, [low, high] = data.fields[field.name];
    const how = { mfu: "41% or 0.41", price: "0.08", bits: "32" }[field.name] ?? "7e9, 7B or 7 billion";
    if (!Number.isFinite(value)) return `${label} must be a number such as ${how}; “${field.value}” is not read as one.`;
    if (value >= low && value <= high) return "";
    return `${label} must lie between ${shown(field.name, low)} and ${shown(field.name, high)}, not at ${field.value}.`;
  };
  const wrong = (field, text) => {
    document.getElementById(`run-${field.name}-wrong`).textContent = text;
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };

  // What the address holds

  const address = () => `#run=${names.map((name) => String(run[name]).replace("+", "").replaceAll(" ", "_")).join()}`;
  const keep = () => {
    try {
      history.replaceState(history.state, "", address());
    } catch { /* a browser allows some hundred changes a minute */ }
  };
  const sent = () => {
    const [, text] = location.hash.match(/^#run=(.*)$/) ?? [];
    const parts = text?.split(",") ?? [];
    const found = Object.fromEntries(names.map((name, k) =>
      [name, name === "chip" ? parts[k]?.replaceAll("_", " ") : Number(parts[k])]));
    const good = parts.length === names.length && found.chip in data.chips
      && Object.entries(data.fields).every(([name, [low, high]]) => found[name] >= low && found[name] <= high);
    return good && found;
  };

  for (const field of entries) {
    field.addEventListener("change", () => {
      const value = read(field.value, field.name), text = fault(field, value);
      wrong(field, text);
      if (text) return;
      run[field.name] = value;
      showSlider(field.name);
      show();
      keep();
    });
    slider(field.name).addEventListener("input", ({ target }) => {
      const [low, high] = data.fields[field.name], value = +(10 ** +target.value).toPrecision(3);
      run[field.name] = min(max(field.name === "chips" ? Math.round(value) : value, low), high);
      field.value = entry(field.name, run[field.name]);
      wrong(field, "");
      target.setAttribute("aria-valuetext", `${field.value} ${target.dataset.unit}`);
      show();
    });
    slider(field.name).addEventListener("change", keep);
  }
  chip.addEventListener("change", () => {
    run.chip = chip.value;
    show();
    keep();
  });
  presets.forEach((button, k) => button.addEventListener("click", () => {
    take(data.presets[k].run);
    keep();
  }));
  form.querySelector("[name=more]").addEventListener("click", ({ target }) => {
    const more = document.getElementById("run-more");
    more.hidden = !more.hidden;
    target.setAttribute("aria-expanded", !more.hidden);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("[name=share]").addEventListener("click", async () => {
    const status = form.querySelector("[role=status]");
    keep();
    const link = location.href.split("#")[0] + address();
    try {
      await navigator.clipboard.writeText(link);
      status.textContent = "Copied.";
    } catch {
      status.textContent = link; // a frame, or a page from a folder, may not reach the clipboard
    }
  });

  for (const part of form.querySelectorAll(".controls")) part.hidden = false;
  take(sent() || data.presets[presets.findIndex((button) => button.getAttribute("aria-pressed") === "true")].run);
  if (sent()) form.scrollIntoView();
}
