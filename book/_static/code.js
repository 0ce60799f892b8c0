// On a phone a long cell shows its first lines, and all when asked: whoever reads on need not scroll through it.
(() => {
  for (const input of document.querySelectorAll(".cell > .cell_input")) {
    const code = input.querySelector("pre");
    if (!code || code.scrollHeight <= code.clientHeight + 1) continue; // the style has cut it, or not
    const button = document.createElement("button");
    button.type = "button";
    button.className = "whole-code";
    button.textContent = `All ${code.textContent.trimEnd().split("\n").length} lines`;
    button.addEventListener("click", () => {
      input.classList.add("whole");
      button.remove();
      code.tabIndex = -1;
      code.focus({ preventScroll: true });
    });
    input.append(button);
  }
})();
