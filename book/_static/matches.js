// Who comes from the search finds its words marked (Sphinx marks them, for ?highlight=...). Here the folds that
// hold one open, the first comes in sight, and a button takes the marks away.
{
  const start = () => {
    const box = document.querySelector("#searchbox .highlight-link");
    if (!box) return;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Hide search matches" });
    button.addEventListener("click", () => SphinxHighlight.hideSearchWords());
    box.replaceChildren(button); // for a link that the policy of the page forbids
    setTimeout(() => {
      const marks = [...document.querySelectorAll("article span.highlighted")];
      for (const mark of marks) {
        if (mark.closest("details.hide, .bet details, .definitions")) continue;
        for (let fold; (fold = mark.closest("details:not([open])")); ) fold.open = true;
      }
      if (!location.hash) marks.find((mark) => mark.checkVisibility())?.scrollIntoView({ block: "center" });
    }, 20); // after the marks, which take 10
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
