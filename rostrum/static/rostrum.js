// Small comforts on pages that work without them: keys, menus, drafts kept in this tab, one click per act.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));

  // A form that came back with problems: the summary is read first.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // A link in the summary lands in its field, with the label in sight.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".problems a[href^='#']");
    if (link) {
      const field = document.getElementById(link.hash.slice(1));
      if (field) {
        event.preventDefault();
        (field.closest(".field") || field).scrollIntoView({ block: "start" });
        field.focus({ preventScroll: true });
      }
    }
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // A page that is made for paper has a button that prints it; without scripts the browser's own menu does.
  all("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => window.print()); });

  // Keys: / search, j and k through a list, Enter opens, ? help, Escape closes a menu. Never while typing.
  const rows = () => all("[data-row]");
  let at = -1;
  const go = (step) => {
    const list = rows();
    if (!list.length) return;
    at = Math.min(Math.max(at + step, 0), list.length - 1);
    list.forEach((row, index) => row.classList.toggle("here", index === at));
    const link = list[at].querySelector("a[href]");
    if (link) link.focus();
    list[at].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      const box = document.querySelector("[data-key='/']");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "j") go(1);
    else if (event.key === "k") go(at < 0 ? 1 : -1);
    else if (event.key === "?") { const help = document.getElementById("keys"); if (help) help.showModal(); }
  });

  // An address pasted into a search box is looked up at once, on the page that the box names.
  all("[data-paste-lookup]").forEach((box) => {
    box.addEventListener("paste", (event) => {
      const text = (event.clipboardData || { getData: () => "" }).getData("text").trim();
      if (/^https?:\/\/\S+$/i.test(text) && !box.value) {
        event.preventDefault();
        box.value = text;
        location.assign(box.dataset.pasteLookup + "?url=" + encodeURIComponent(text));
      }
    });
  });

  // What is typed stays in this tab (sessionStorage) until it is sent: a closed session or a slip loses nothing.
  const kept = (el) => el.name && el.name !== "csrfmiddlewaretoken" && !/^(password|file|hidden|submit|button)$/.test(el.type);
  // A draft goes once its answer has arrived, unless the answer is "sign in again" or a problem to mend.
  const sent = sessionStorage.getItem("draft-sent");
  if (sent && !document.querySelector("[data-keep-drafts], .problems")) {
    sessionStorage.removeItem(sent);
    sessionStorage.removeItem("draft-sent");
  }
  all("form[data-draft]").forEach((form) => {
    const key = "draft:" + location.pathname + ":" + form.dataset.draft;
    const fields = () => Array.from(form.elements).filter(kept);
    const box = (el) => el.type === "checkbox" || el.type === "radio";
    const read = () => fields().map((el) => [el.name, el.value, box(el) ? el.checked : null]);
    try {
      const draft = JSON.parse(sessionStorage.getItem(key) || "null");
      if (draft && !document.querySelector(".problems")) {
        let changed = false;
        fields().forEach((el) => {
          const match = draft.find((d) => d[0] === el.name && (!box(el) || d[1] === el.value));
          if (!match) return;
          if (box(el)) { if (el.checked !== match[2]) { el.checked = match[2]; changed = true; } }
          else if (!el.value && match[1]) { el.value = match[1]; changed = true; }
        });
        const note = form.querySelector("[data-draft-note]");
        if (changed && note) note.hidden = false;
      }
    } catch (problem) { sessionStorage.removeItem(key); }
    let wait;
    form.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(() => { try { sessionStorage.setItem(key, JSON.stringify(read())); } catch (full) { /* no room: nothing kept */ } }, 400);
    });
    form.addEventListener("submit", () => { clearTimeout(wait); sessionStorage.setItem("draft-sent", key); });
  });

  // A field that belongs to an answer above it shows up with that answer: data-show-when="field=value".
  const showing = () => all("[data-show-when]").forEach((part) => {
    const [name, value] = part.dataset.showWhen.split("=");
    const given = all("[name='" + CSS.escape(name) + "']").filter((el) => el.checked || !/^(radio|checkbox)$/.test(el.type)).map((el) => el.value);
    part.hidden = !given.includes(value);
  });
  if (document.querySelector("[data-show-when]")) { showing(); document.addEventListener("change", showing); }

  // A step of a form saves itself quietly on leaving a field, and says what it understood. data-save: the form.
  all("form[data-save]").forEach((form) => {
    const line = form.querySelector("[data-saved]");
    let last = "", running = null;
    const body = () => {
      const data = new FormData(form);
      data.delete("_key"); data.delete("_go");
      // A file waits for its own button: what is kept quietly is words.
      return new URLSearchParams(Array.from(data).filter((pair) => typeof pair[1] === "string"));
    };
    const answered = (answer) => {
      const seen = form.elements.namedItem("seen");
      if (answer.version && seen) seen.value = answer.version;
      if (answer.saved && line) line.textContent = answer.saved;
      Object.entries(answer.choose || {}).forEach(([name, value]) => {
        const box = all("[name='" + CSS.escape(name) + "']", form).find((el) => el.value === value);
        if (box && !all("[name='" + CSS.escape(name) + "']:checked", form).length) box.checked = true;
      });
      Object.entries(answer.help || {}).forEach(([name, words]) => {
        const place = form.querySelector("[data-help='" + CSS.escape(name) + "']");
        // The words come escaped from our own server.
        if (place && place.innerHTML !== words) place.innerHTML = words;
      });
    };
    const save = () => {
      if (running) return running.then(save);
      const sent = body(), mark = sent.toString().replace(/(^|&)seen=\d*/, "");
      if (mark === last) return Promise.resolve();
      running = fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then((response) => response.json().then((answer) => {
          if (response.ok) { last = mark; answered(answer); }
          else if (line) line.textContent = answer.detail || "";
        }))
        .catch(() => { /* no network: this tab keeps what was typed, and Next saves it */ })
        .finally(() => { running = null; });
      return running;
    };
    form.addEventListener("change", save);
    // Next waits for a quiet save that is on its way, so that one window never overtakes itself.
    form.addEventListener("submit", (event) => {
      if (!running) return;
      event.preventDefault();
      event.stopPropagation();
      const button = event.submitter;
      running.finally(() => setTimeout(() => form.requestSubmit(button), 0));
    });
  });

  // A part of a page that keeps itself up to date while somebody looks: data-live="address", data-every="seconds".
  all("[data-live]").forEach((part) => {
    const every = Math.max(3, Number(part.dataset.every) || 5) * 1000;
    let last = "";
    const look = () => {
      const again = () => setTimeout(look, every);
      if (document.hidden || part.contains(document.activeElement)) { again(); return; }
      const opened = all("details", part).map((el) => el.open);
      fetch(part.dataset.live, { credentials: "same-origin", headers: { Accept: "text/html" } })
        .then((response) => (response.ok && !response.redirected ? response.text() : null))
        .then((words) => {
          if (words === null || words === last) return;
          last = words;
          part.innerHTML = words; // it comes escaped from our own server
          all("details", part).forEach((el, index) => { el.open = Boolean(opened[index]); });
        })
        .catch(() => { /* no network: what was last seen stays */ })
        .finally(again);
    };
    setTimeout(look, every);
  });

  // Filters beside a wide list lie open, also in browsers that cannot say so in a style.
  if (!CSS.supports("selector(::details-content)")) {
    const wide = matchMedia("(min-width: 48rem)");
    const unfold = () => all("details.fold").forEach((fold) => { fold.open = wide.matches; fold.classList.toggle("unfolded", wide.matches); });
    unfold();
    wide.addEventListener("change", unfold);
  }

  // One click, one act.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", () => all("form[data-once]").forEach((form) => delete form.dataset.sent));
})();
