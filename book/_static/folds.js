// A link that leads into a fold, or to its heading, opens it; print opens all.
(() => {
  const place = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1).split("=")[0]));
    if (!target) return;
    const inside = target.querySelector(":scope > details.deeper");
    if (inside) inside.open = true;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (inside || target.closest("details")) target.scrollIntoView();
  };
  let closed = [];
  addEventListener("hashchange", place);
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details.deeper:not([open])")];
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
  });
  // A second click on the same link changes no address.
  addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href*="#"]');
    if (link && link.href === location.href) place();
  });
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", place);
  else place();
})();
