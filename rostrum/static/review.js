// A review by keyboard: 1 to 4 answer the question that has the focus, j and k go on and back. Works beside plain Tab.
(function () {
  "use strict";
  const form = document.querySelector("form[data-review]");
  if (!form) return;
  const questions = Array.from(form.querySelectorAll("[data-question]"));
  const radios = (question) => Array.from(question.querySelectorAll("input[type=radio]"));
  const writing = (el) => el && (/^(TEXTAREA|SELECT)$/.test(el.tagName) || (el.tagName === "INPUT" && !/^(radio|checkbox|file|submit)$/.test(el.type)));
  const here = () => questions.findIndex((question) => question.contains(document.activeElement));
  const visit = (index) => {
    const question = questions[Math.min(Math.max(index, 0), questions.length - 1)];
    const boxes = radios(question);
    question.scrollIntoView({ block: "start" });
    (boxes.find((box) => box.checked) || boxes[0]).focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "j") { event.preventDefault(); visit(here() + 1); }
    else if (event.key === "k") { event.preventDefault(); visit(here() < 0 ? 0 : here() - 1); }
    else if (/^[1-4]$/.test(event.key) && here() >= 0) {
      const box = radios(questions[here()])[Number(event.key) - 1];
      if (box) { event.preventDefault(); box.click(); box.focus({ preventScroll: true }); }
    }
  });
})();
