// The way into Python on a page: shows the buttons, and loads what they need when one is pressed.
{
  const place = new URL("here/page.js", document.currentScript.src);
  const begin = async (button) => {
    let page;
    try {
      page = await import(place);
    } catch {
      const says = Object.assign(document.createElement("p"), { className: "here-says" });
      says.setAttribute("role", "status");
      says.textContent = location.protocol === "file:"
        ? "Python cannot run in a page that was opened from a folder: browsers refuse it. On the book's website it can."
        : "Python cannot run here: this browser is too old, or the connection is gone.";
      document.querySelector(".here-says")?.remove();
      document.querySelector("article h1").after(says);
      says.scrollIntoView({ block: "center" });
      return;
    }
    page.begin(button.dataset.here, button);
  };
  const show = () => {
    const menu = document.querySelector(".run-page");
    if (menu) menu.hidden = false;
    document.addEventListener("click", ({ target }) => menu?.contains(target) || menu?.removeAttribute("open"));
    menu?.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
    for (const button of document.querySelectorAll("[data-here]")) {
      button.parentElement.hidden = false;
      button.addEventListener("click", () => begin(button));
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
  else show();
}
