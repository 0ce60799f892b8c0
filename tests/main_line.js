// What the main line of a page holds: all that shows before anything is unfolded.
(() => {
  const passedOver = ".cell_input, pre, svg, script, form, .instrument, .headerlink, .visually-hidden, .own-cell, .reading, math, footer";
  const article = document.querySelector("article");
  const texts = [];
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const parent = text.parentElement;
    if (!text.data.trim() || parent.closest(passedOver) || !parent.checkVisibility()) continue;
    texts.push(text);
  }
  const count = (list, pattern) => (list.map((text) => text.data).join(" ").match(pattern) ?? []).length;
  const words = /[^\s–—·]*[\p{L}\p{N}][^\s–—·]*/gu;
  const prose = texts.filter((text) => text.parentElement.closest("p, li, figcaption, summary") &&
    !text.parentElement.closest("table, .bibtex-citation, .sources"));
  const figures = /\d[\d,.\u00a0 ]*(?: ?× ?10[⁻⁰¹²³⁴-⁹]+)?/gu;
  const slider = [...article.querySelectorAll("input[type=range]")].find((input) => !input.closest(".bet-form") && input.checkVisibility());
  return {
    words: count(texts, words),
    density: 100 * count(prose, figures) / count(prose, words),
    screens: slider ? (slider.getBoundingClientRect().bottom + scrollY) / innerHeight : null,
  };
})()
