// Adds to every <textarea data-copy> a button that copies it; without this script people select and copy by hand.
"use strict";
for (const box of document.querySelectorAll("textarea[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  const said = document.createElement("span");
  button.type = "button";
  button.className = "btn";
  button.textContent = box.dataset.copy;
  said.className = "muted";
  said.setAttribute("role", "status");
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(box.value).then(
      () => { said.textContent = box.dataset.copied; },
      () => { box.focus(); box.select(); },
    );
  });
  const line = document.createElement("p");
  line.className = "dir-copy";
  line.append(button, said);
  box.after(line);
}
