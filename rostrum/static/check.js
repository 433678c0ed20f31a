// Asks while one types, and leads from a finding to its words in the box. Without scripts the button does the same.
(function () {
  "use strict";
  const form = document.querySelector("form[data-live]"), place = document.getElementById("ck-answer");
  if (!form || !place) return;
  const box = form.elements.namedItem("text");
  let timer = 0, asked = null, last = "";
  const body = () => new URLSearchParams(new FormData(form));
  const ask = () => {
    const sent = body().toString();
    if (sent === last) return;
    last = sent;
    if (asked) asked.abort();
    asked = new AbortController();
    place.setAttribute("aria-busy", "true");
    fetch(form.dataset.live, { method: "POST", body: sent, headers: { "Content-Type": "application/x-www-form-urlencoded" }, credentials: "same-origin", signal: asked.signal })
      .then((response) => response.ok && !response.redirected ? response.text() : Promise.reject(new Error("refused")))
      .then((html) => { place.innerHTML = html; place.removeAttribute("aria-busy"); })  // drawn and escaped by our own server
      .catch((error) => { if (error.name !== "AbortError") { last = ""; place.removeAttribute("aria-busy"); } });
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 250); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    last = "";
    ask();
    place.scrollIntoView({ block: "nearest" });
  });
  place.addEventListener("click", (event) => {
    const item = event.target.closest("[data-from]");
    if (!item || event.target.closest("a")) return;
    box.focus();
    box.setSelectionRange(Number(item.dataset.from), Number(item.dataset.to));
  });
})();
