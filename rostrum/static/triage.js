// Going through findings by keyboard: the letter on a button presses it; b shows the words, and keeps showing them in this tab.
(function () {
  "use strict";
  const here = document.currentScript;
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
  const veils = Array.from(document.querySelectorAll("[data-veil]"));
  let show = false;
  try { show = sessionStorage.getItem("veil") === "open"; } catch (_error) { /* storage may be off */ }
  const draw = () => veils.forEach((veil) => { veil.open = show; });
  draw();
  veils.forEach((veil) => veil.addEventListener("toggle", () => {
    show = veil.open;
    try { sessionStorage.setItem("veil", show ? "open" : ""); } catch (_error) { /* only this page then */ }
  }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) { event.target.form.requestSubmit(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "b") { show = !show; draw(); return; }
    const fold = document.querySelector("[data-hot-open='" + CSS.escape(event.key) + "']");
    if (fold) {
      event.preventDefault();
      fold.open = true;
      const box = fold.querySelector("textarea");
      if (box) box.focus();
      return;
    }
    const hot = document.querySelector("[data-hot='" + CSS.escape(event.key) + "']");
    if (hot) { event.preventDefault(); hot.click(); }
  });
  document.body.dataset.keys = "ready";
  // Others see that somebody is looking at this one, for as long as the page is open.
  const token = document.querySelector("input[name='csrfmiddlewaretoken']");
  const look = () => {
    if (document.hidden || !token) return;
    fetch(here.dataset.look, { method: "POST", headers: { "X-CSRFToken": token.value }, credentials: "same-origin" }).catch(() => { /* a glance can be lost */ });
  };
  if (here.dataset.look) {
    look();
    setInterval(look, 120000);
  }
})();
