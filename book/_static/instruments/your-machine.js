// The machine in your hand: a small matrix product for a second, in slices, so that the page goes on answering.
{
  const form = document.getElementById("machine"), find = (selector) => form.querySelector(selector);
  const SIZE = 64, BUSY = 1000, SLICE = 12; // rows of a matrix; milliseconds in all and at a time
  const left = Float64Array.from({ length: SIZE * SIZE }, (_, k) => (k % 7) / 7 + 0.1);
  const right = left.slice().reverse(), made = new Float64Array(SIZE * SIZE);

  // The second matrix stands on its side, and four results are worked out at once: half of the loads are saved.
  const multiply = () => {
    for (let i = 0; i < SIZE; i += 2) {
      const upper = i * SIZE, lower = upper + SIZE;
      for (let j = 0; j < SIZE; j += 2) {
        const one = j * SIZE, two = one + SIZE;
        let a = 0, b = 0, c = 0, d = 0;
        for (let k = 0; k < SIZE; k++) {
          const x = left[upper + k], y = left[lower + k], u = right[one + k], v = right[two + k];
          a += x * u;
          b += x * v;
          c += y * u;
          d += y * v;
        }
        made[upper + j] = a;
        made[upper + j + 1] = b;
        made[lower + j] = c;
        made[lower + j + 1] = d;
      }
    }
  };
  const pause = () => new Promise((resolve) => setTimeout(resolve));
  const measure = async () => {
    let done = 0, busy = 0;
    for (const until = performance.now() + 100; performance.now() < until;) multiply(); // until it is compiled
    while (busy < BUSY) {
      await pause();
      const start = performance.now();
      let now = start;
      for (; now < start + SLICE; now = performance.now()) {
        for (let k = 0; k < 4; k++) multiply();
        done += 4;
      }
      busy += now - start;
    }
    return done * 2 * SIZE ** 3 / (busy / 1000);
  };

  const powers = (n) => String(n).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
  const scientific = (value) => {
    const [mantissa, exponent] = value.toExponential(1).split("e");
    return `${mantissa}\u00a0×\u00a010${powers(+exponent)}`;
  };
  const many = (value) => {
    const rounded = +value.toPrecision(2);
    const [size, word] = [[1e12, " trillion"], [1e9, " billion"], [1e6, " million"]].find(([n]) => rounded >= n) ?? [1, ""];
    return rounded > 1e15 ? scientific(value) : (+(rounded / size).toPrecision(12)).toLocaleString("en-US") + word;
  };

  const [least, most] = [form.dataset.least, form.dataset.most].map(Number);
  const choices = [...form.querySelectorAll("[name=watts]")], field = find("input"), button = find("[name=measure]");
  const said = find("output"), yours = find(".yours"), fault = find(".fault");
  const [bit, , , b200] = [...form.querySelectorAll("[data-joules]")].map((rung) => +rung.dataset.joules);
  let rate, watts = 25;

  const show = () => {
    choices.forEach((choice) => choice.setAttribute("aria-pressed", +choice.value === watts));
    if (!rate) return;
    const joules = watts / rate;
    said.textContent = `${many(rate)} operations a second. At ${watts} watts that is ${scientific(joules)} joules for an `
      + `operation: ${many(joules / b200)} times those of a B200, ${many(joules / bit)} times kT ln 2.`;
    if (yours.hidden) yours.prepend("This device, in this browser ");
    yours.hidden = fault.hidden = false;
    yours.querySelector("b").textContent = `${scientific(joules)} J`;
    yours.querySelector("i").style.left = `${100 * Math.min(Math.max((Math.log10(joules) - least) / (most - least), 0), 1)}%`;
    const cores = navigator.hardwareConcurrency ?? 1;
    fault.textContent = `How much of this is the browser’s fault? This script keeps one core busy`
      + `${cores > 1 ? `, of ${cores} that your browser reports,` : ""} with one product of two 64-bit numbers at a time. The `
      + `vector units of a core take two to eight at once, and add them up in the same step; a plain script reaches neither. `
      + `So some ${4 * cores} to ${16 * cores} times. The rest is your device’s own: a processor that is made for everything, 64 bits where a B200 `
      + `multiplies 16, and a screen that draws its share of the watts.`;
  };
  const read = () => {
    const value = Number(field.value.trim().replace(/\s*w(atts)?$/i, ""));
    const good = field.value.trim() && value >= 0.01 && value <= 100000;
    document.getElementById("machine-watts-wrong").textContent = good ? ""
      : `Watts must be a number from 0.01 to 100,000, such as 25; “${field.value}” is not.`;
    if (good) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
    if (good) watts = value;
    show();
  };

  field.addEventListener("change", read);
  for (const choice of choices) {
    choice.addEventListener("click", () => {
      field.value = choice.value;
      read();
    });
  }
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    said.textContent = "Multiplying, for a second …";
    rate = await measure();
    button.removeAttribute("aria-disabled");
    button.textContent = "Measure again";
    show();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    read();
  });
  if (matchMedia("(pointer: coarse)").matches) {
    watts = 4;
    field.value = "4";
  }
  find(".controls").hidden = false;
  show();
}
