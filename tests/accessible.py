"""What a page must be for readers who cannot see it, or not well: axe's rules."""

from axe_playwright_python.sync_playwright import Axe

# Thousands of words look alike. Of each look (colours, letters and all that lies behind) the first two are
# held against the rules on contrast, which take axe seconds for a long page; every other rule reads all.
LOOKS = """;(() => {
  const seen = new Map(), layers = new Map([[null, ""]]);
  const behind = e => {
    if (!layers.has(e)) {
      const {backgroundColor, backgroundImage, opacity} = getComputedStyle(e);
      const paints = backgroundColor !== "rgba(0, 0, 0, 0)" || backgroundImage !== "none" || opacity !== "1";
      layers.set(e, behind(e.parentElement) + (paints ? [backgroundColor, backgroundImage, opacity] : ""));
    }
    return layers.get(e);
  };
  for (const e of document.body.querySelectorAll("*")) {
    const {color, fill, fontSize, fontWeight, textShadow, position} = getComputedStyle(e);
    const box = e.getBoundingClientRect();
    const seldom = [e.localName, e.checkVisibility({visibilityProperty: true}), box.width > 1, box.height > 1,
      [...e.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())];
    const look = [color, fill, fontSize, fontWeight, textShadow, position, behind(e), ...seldom].join();
    seen.set(look, (seen.get(look) ?? 0) + 1);
    e.toggleAttribute("data-alike", seen.get(look) > 2);
  }
  axe.configure({rules: [
    {id: "color-contrast", selector: "*:not([data-alike])"},
    {id: "link-in-text-block", selector: "a[href]:not([data-alike])"},
  ]});
})();"""
axe = Axe(Axe().axe_script + LOOKS)


def assert_accessible(page, part=None):
    """Hold a page, or what a selector finds of it, against all rules."""
    context = part and {"include": [[part]]}
    found = {
        f"{rule['id']} ({rule['impact']}): {node['html'][:150]}: {node['failureSummary']}"
        for rule in axe.run(page, context, {"resultTypes": ["violations"]}).response["violations"]
        for node in rule["nodes"]
    }
    assert not found, "\n\n".join(sorted(found)[:10])
