// What a word of the glossary means (_ext/terms.py) shows at the word: for the mouse that rests on it, for the
// Tab key, and for a finger at the first tap. Screen readers read it with the word.
{
  const start = () => {
    const bubble = document.createElement("div");
    const words = [...document.querySelectorAll("article a:has(> .std-term)")].filter((word) => meaning(word));
    if (!words.length || !bubble.showPopover) return; // an old browser has the links
    bubble.className = "meaning";
    bubble.popover = "manual";
    bubble.setAttribute("aria-hidden", "true"); // it was read with the word
    document.querySelector("article").append(bubble);

    let shown = null, timer = 0, finger = false;
    const place = () => {
      if (!shown) return;
      const at = shown.getClientRects()[0], { offsetWidth, offsetHeight } = bubble, gap = 6;
      if (!at) return hide();
      const below = at.bottom + gap + offsetHeight <= innerHeight || at.top < offsetHeight + gap;
      bubble.style.left = `${Math.max(12, Math.min(at.left, document.documentElement.clientWidth - offsetWidth - 12))}px`;
      bubble.style.top = `${below ? at.bottom + gap : at.top - offsetHeight - gap}px`;
    };
    const hide = () => {
      clearTimeout(timer);
      shown = null;
      bubble.hidePopover();
    };
    const show = (word) => {
      clearTimeout(timer);
      shown = word;
      bubble.replaceChildren(...meaning(word).cloneNode(true).childNodes);
      bubble.showPopover();
      place();
    };
    const later = (act) => {
      clearTimeout(timer);
      timer = setTimeout(act, 200);
    };
    for (const word of words) {
      word.setAttribute("aria-describedby", meaning(word).id);
      word.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && later(() => show(word)));
      word.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && later(hide));
      word.addEventListener("focus", () => word.matches(":focus-visible") && show(word));
      word.addEventListener("blur", hide);
      word.addEventListener("pointerdown", ({ pointerType }) => { finger = pointerType === "touch"; });
      word.addEventListener("click", (event) => {
        if (!finger || shown === word) return; // it leads to the glossary
        event.preventDefault();
        show(word);
      });
    }
    bubble.addEventListener("pointerenter", () => clearTimeout(timer));
    bubble.addEventListener("pointerleave", () => later(hide));
    addEventListener("pointerdown", ({ target }) => {
      if (shown && !bubble.contains(target) && !shown.contains(target)) hide();
    });
    addEventListener("keydown", ({ key }) => key === "Escape" && hide());
    addEventListener("scroll", place, { capture: true, passive: true });
    addEventListener("resize", place);
  };
  const meaning = (word) => document.getElementById(`means-${decodeURIComponent(word.hash.slice(1))}`);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
}
