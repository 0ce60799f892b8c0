// Bets (_ext/bets.py): placing one judges it and uncovers the answer. The score stays in this browser.
{
  const root = document.documentElement;
  const SCALE = { thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12 };
  const words = new Intl.NumberFormat("en", { notation: "compact", compactDisplay: "long", maximumSignificantDigits: 2 });
  const tell = (value, digits = 2) => (value < 1e4 ? Number(value.toPrecision(digits)).toLocaleString("en") : words.format(value));

  let unsaved = {};  // where storage is switched off, a bet lasts as long as its page
  const placed = () => {
    try { return Object(JSON.parse(localStorage.getItem("bets"))); } catch { return unsaved; }
  };
  const keep = (bets) => {
    unsaved = bets;
    try { localStorage.setItem("bets", JSON.stringify(bets)); } catch { /* storage is switched off */ }
  };
  const score = () => {
    const made = Object.values(placed()).filter((bet) => typeof bet?.right === "boolean");
    return [made.length, made.filter((bet) => bet.right).length];
  };

  const read = (text) => {
    const [, figures, scale] = /^([\d.,]+(?:e[+-]?\d+)?)\s*([a-z]+)?$/i.exec(text.trim()) ?? [];
    return Number(figures?.replaceAll(",", "")) * (scale ? SCALE[scale.toLowerCase()] : 1);
  };

  const choices = (form) => ({
    guess: () => Number(new FormData(form).get("bet")),
    show: (guess) => { form.querySelector(`[value="${Number(guess)}"]`)?.click(); },
    judge: (guess) => {
      const name = (number) => form.querySelector(`[value="${Number(number)}"]`)?.parentElement.innerText.trim();
      const right = guess === Number(form.dataset.right);
      return [right, right ? `Right: “${name(guess)}”.` : `Not this time. You said “${name(guess)}”; right is “${name(form.dataset.right)}”.`];
    },
  });

  const number = (form) => {
    const [typed, slider] = form.querySelectorAll("input");
    const { unit, said } = form.querySelector(".field").dataset;
    const answer = Number(form.dataset.answer);
    const say = () => slider.setAttribute("aria-valuetext", `${tell(10 ** slider.value)} ${unit}`);
    slider.addEventListener("input", () => {
      typed.value = tell(10 ** slider.value);
      typed.setCustomValidity("");
      say();
    });
    typed.addEventListener("input", () => {
      typed.setCustomValidity("");
      if (read(typed.value) > 0) slider.value = Math.log10(read(typed.value));
      say();
    });
    say();
    return {
      guess: () => {
        const guess = read(typed.value);
        if (guess > 0 && guess < Infinity) return guess;
        typed.setCustomValidity("Move the slider, or type a number above zero, such as 2,000 or 3 million.");
        typed.reportValidity();
        return NaN;
      },
      show: (guess) => {
        typed.value = tell(guess, 3);
        slider.value = Math.log10(guess);
        say();
      },
      judge: (guess) => {
        const off = Math.max(guess / answer, answer / guess);
        const how = off <= 2 ? "Right" : guess < answer ? "Too low" : "Too high";
        const far = off < 1.05 ? "as good as exact" : `off by a factor of ${tell(off)}`;
        return [off <= 2, `${how}: you said ${tell(guess, 3)} ${unit}, it is ${said}, ${far}.`];
      },
    };
  };

  const begin = (form) => {
    const { page } = form.dataset, said = form.querySelector(".bet-said");
    const kind = form.dataset.right ? choices(form) : number(form);
    const end = (bet) => {
      const [right, judged] = bet.guess === undefined ? [undefined, "Shown, without a bet."] : kind.judge(bet.guess);
      form.querySelector("fieldset").disabled = true;
      said.replaceChildren(Object.assign(document.createElement("strong"), { textContent: judged }));
      return right;
    };
    const show = () => {
      root.classList.remove("bet-open");
      root.classList.add("bet-placed");
      form.parentElement.querySelector("details").open = true;
      const [made, right] = score();
      said.append(` The claim and its figure are now below. Bets placed so far: ${made}, right: ${right}.`);
      said.focus({ preventScroll: true });
    };
    const before = placed()[page];
    if (before) {
      if (before.guess !== undefined) kind.show(before.guess);
      end(before);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const guess = kind.guess();
      if (Number.isNaN(guess)) return;
      keep({ ...placed(), [page]: { guess, right: end({ guess }) } });
      show();
    });
    form.querySelector("button[type=button]").addEventListener("click", () => {
      end({});
      keep({ ...placed(), [page]: {} });
      show();
    });
    // A link may lead to what is covered.
    addEventListener("hashchange", () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target?.closest(".bet-covers")) return;
      root.classList.remove("bet-open");
      target.scrollIntoView();
    });
  };

  const count = (line) => {
    const [said, reset] = line.children;
    const all = line.parentElement.querySelectorAll("a").length;
    const write = () => {
      const [made, right] = score();
      said.textContent = `You have placed ${made} of ${all} bets, ${right} right.`;
      reset.disabled = !Object.keys(placed()).length;
    };
    reset.addEventListener("click", () => {
      keep({});
      write();
    });
    addEventListener("storage", write);
    addEventListener("pageshow", write);
    write();
    line.classList.add("live");
  };

  const start = () => {
    document.querySelectorAll(".bet-form").forEach(begin);
    document.querySelectorAll(".bet-score").forEach(count);
    root.dataset.bets = "ready";
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
