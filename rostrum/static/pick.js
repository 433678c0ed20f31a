// Picking one of many: a long native list becomes a box that finds while one types, and so do the boxes for people.
// WAI-ARIA 1.2 combobox with a listbox. Without scripts the native fields stand as they are; what is sent is the same.
(function () {
  "use strict";
  const words = document.currentScript.dataset;
  const LONG = 12;  // a list with more choices than this is searched rather than scrolled
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const make = (tag, names, parent) => {
    const el = document.createElement(tag);
    Object.entries(names).forEach(([name, value]) => el.setAttribute(name, value));
    if (parent) parent.append(el);
    return el;
  };
  // "École Saint-Élie" is found by "ecole st elie" typed in any order; marks and capitals do not count.
  const fold = (text) => text.normalize("NFD").replace(/\p{M}+/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae")
    .replace(/[^\p{L}\p{N}@.]+/gu, " ").trim();
  const fits = (folded, typed) => fold(typed).split(" ").every((word) => folded.includes(word));

  // The list under a box. `how.rows(typed)`: the groups [{label, rows: [{label, value, now}]}] to show, or a promise of
  // them; `how.take(row)`: one was chosen; `how.leave(rows)`: the box is left with words typed and nothing chosen.
  function listUnder(box, how) {
    const place = make("div", { class: "pick" });
    box.replaceWith(place);
    place.append(box);
    const list = make("div", { class: "pick-list", role: "listbox", id: box.id + "-list", "aria-label": how.label, tabindex: "-1" }, place);
    const heard = make("span", { class: "visually-hidden", role: "status" }, place);
    list.hidden = true;
    Object.entries({ role: "combobox", autocomplete: "off", spellcheck: "false", autocapitalize: "none", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })
      .forEach(([name, value]) => box.setAttribute(name, value));
    let shown = [], at = -1, typed = false, turn = 0, say;

    const point = (to) => {
      if (shown[at]) shown[at].el.classList.remove("pick-at");
      at = shown.length ? Math.min(Math.max(to, -1), shown.length - 1) : -1;
      if (at < 0) { box.removeAttribute("aria-activedescendant"); return; }
      const el = shown[at].el;
      el.classList.add("pick-at");
      box.setAttribute("aria-activedescendant", el.id);
      const head = at === 0 ? list : el;  // the first choice keeps its group's name in sight
      if (head === list) list.scrollTop = 0;
      else if (el.offsetTop < list.scrollTop) list.scrollTop = el.offsetTop;
      else if (el.offsetTop + el.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = el.offsetTop + el.offsetHeight - list.clientHeight;
    };
    const shut = () => {
      list.hidden = true;
      turn += 1;
      box.setAttribute("aria-expanded", "false");
      point(-1);
    };
    const draw = (groups) => {
      list.replaceChildren();
      shown = [];
      at = -1;
      box.removeAttribute("aria-activedescendant");
      groups.forEach((group, number) => {
        if (!group.rows.length) return;
        const part = group.label ? make("div", { role: "group", "aria-labelledby": list.id + "-g" + number }, list) : list;
        if (group.label) make("div", { class: "pick-group", id: list.id + "-g" + number, role: "presentation" }, part).textContent = group.label;
        group.rows.forEach((row) => {
          const el = make("div", { class: "pick-row", role: "option", id: list.id + "-" + shown.length, "aria-selected": row.now ? "true" : "false" }, part);
          el.textContent = row.label;
          shown.push({ row, el });
        });
      });
      if (!shown.length && how.nothing) make("div", { class: "pick-none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, list).textContent = how.nothing;
      const open = Boolean(list.firstChild);
      list.hidden = !open;
      box.setAttribute("aria-expanded", String(open));
      const rect = box.getBoundingClientRect(), high = window.visualViewport ? window.visualViewport.height : innerHeight;
      place.classList.toggle("pick-up", open && high - rect.bottom < 220 && rect.top > high - rect.bottom);
      clearTimeout(say);
      if (typed) say = setTimeout(() => {
        heard.textContent = shown.length === 1 ? words.one : shown.length ? shown.length + " " + words.many : how.nothing || "";
      }, 500);
    };
    const show = (what, first) => {
      const mine = turn += 1;
      return Promise.resolve(how.rows(what)).then((groups) => {
        if (mine !== turn || document.activeElement !== box) return;
        draw(groups);
        const now = shown.findIndex((one) => one.row.now);
        point(typed && how.first ? 0 : now >= 0 && !typed ? now : first ?? -1);
        if (now > 0 && !typed) list.scrollTop = shown[now].el.offsetTop - list.clientHeight / 2;  // with its neighbours
      });
    };
    const take = (index) => {
      const row = shown[index] && shown[index].row;
      if (!row) return;
      typed = false;
      shut();
      how.take(row);
    };
    const leave = () => {
      if (typed && how.leave) how.leave(shown.map((one) => one.row));
      typed = false;
      clearTimeout(say);
      heard.textContent = "";
      shut();
    };

    box.addEventListener("input", () => { typed = true; show(box.value); });
    box.addEventListener("click", () => {
      if (!list.hidden) { if (!typed) shut(); return; }
      if (!how.free) box.select();
      show(how.free || typed ? box.value : "");
    });
    if (!how.free) {
      box.addEventListener("focus", () => box.select());
      box.addEventListener("change", (event) => event.stopPropagation());  // the native list tells when it changes
    }
    box.addEventListener("blur", leave);
    box.addEventListener("keydown", (event) => {
      const open = !list.hidden, down = event.key === "ArrowDown", up = event.key === "ArrowUp";
      if (event.ctrlKey || event.metaKey) return;
      if (down || up) {
        event.preventDefault();
        if (open && up && event.altKey) { take(at); shut(); }
        else if (open && shown.length) point(down ? (at + 1) % shown.length : at <= 0 ? shown.length - 1 : at - 1);
        else show(how.free || typed ? box.value : "", 0).then(() => { if (at < 0) point(up ? shown.length - 1 : 0); });
      } else if (open && /^Page(Down|Up)$/.test(event.key)) {
        event.preventDefault();
        point(Math.max(event.key === "PageDown" ? at + 8 : at - 8, 0));
      } else if (event.key === "Enter" && open && at >= 0) {
        event.preventDefault();
        take(at);
      } else if (event.key === "Tab" && open && at >= 0 && typed && how.first) {
        take(at);
      } else if (event.key === "Escape" && (open || typed)) {
        event.preventDefault();
        event.stopPropagation();
        typed = false;
        shut();
        if (how.back) how.back();
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());  // the box keeps the focus
    list.addEventListener("click", (event) => {
      const index = shown.findIndex((one) => one.el.contains(event.target));
      if (index >= 0) take(index);
    });
    return { shut };
  }

  // A long list: one of its choices, found by any of its words or by the words of its group.
  all("main select:not([multiple])").forEach((native) => {
    if (native.options.length <= LONG || !native.id) return;
    const label = native.labels && native.labels[0] ? native.labels[0].textContent.trim() : native.getAttribute("aria-label") || "";
    const box = make("input", { type: "text", class: "form-control pick-box", id: native.id });
    const rows = [], groups = [];
    Array.from(native.options).forEach((option) => {
      if (option.disabled) return;
      const above = option.parentElement.tagName === "OPTGROUP" ? option.parentElement.label : "";
      if (!groups.length || groups[groups.length - 1].label !== above) groups.push({ label: above, rows: [] });
      const row = { option, label: option.label, value: option.value, folded: fold(option.label + " " + above) };
      // Outside its group a choice says where it belongs: "Grade 4 – Rendell Park School".
      row.full = above && !fold(option.label).includes(fold(above)) ? option.label + " – " + above : option.label;
      rows.push(row);
      groups[groups.length - 1].rows.push(row);
    });
    const sync = () => {
      const row = rows.find((one) => one.option.selected);
      box.value = row ? row.full : "";
      box.disabled = native.disabled;
    };
    const settle = (row) => {
      const changed = !row.option.selected;
      row.option.selected = true;
      sync();
      if (changed) ["input", "change"].forEach((name) => native.dispatchEvent(new Event(name, { bubbles: true })));
    };
    ["aria-describedby", "aria-invalid"].forEach((name) => { if (native.hasAttribute(name)) box.setAttribute(name, native.getAttribute(name)); });
    if (native.hasAttribute("form")) box.setAttribute("form", native.getAttribute("form"));
    if (native.required) box.setAttribute("aria-required", "true");
    native.required = false;  // the server asks for it; a hidden field cannot
    native.before(box);
    native.id += "-native";
    native.hidden = true;
    listUnder(box, {
      label, first: true, nothing: words.none,
      rows: (typed) => groups.map((group) => ({
        label: group.label,
        rows: group.rows.filter((row) => (!typed.trim() || (row.value && fits(row.folded, typed)))).map((row) => Object.assign(row, { now: row.option.selected })),
      })),
      take: settle,
      back: sync,
      leave: (left) => {
        const none = rows.find((row) => !row.value);
        if (!box.value.trim() && none) settle(none);
        else if (box.value.trim() && left.length === 1) settle(left[0]);
        else sync();
      },
    });
    sync();
    window.addEventListener("pageshow", sync);
    if (native.form) native.form.addEventListener("reset", () => setTimeout(sync, 0));
  });

  // People: names are suggested while one types; a name or a work e-mail typed out works as well.
  all("[data-suggest]").forEach((box) => {
    const near = all("#" + CSS.escape(box.getAttribute("list") || "none") + " option").map((option) => option.value);
    const label = box.labels && box.labels[0] ? box.labels[0].textContent.trim() : "";
    const group = (names) => [{ label: "", rows: names.map((name) => ({ label: name, value: name, now: name === box.value })) }];
    box.removeAttribute("list");
    listUnder(box, {
      label, free: true,
      rows: (typed) => {
        const text = typed.trim();
        if (!text || text.includes("<")) return group(near);
        if (text.length < 2) return group([]);
        return new Promise((done) => setTimeout(done, 200)).then(() => {
          if (box.value.trim() !== text) return new Promise(() => {});  // more was typed meanwhile
          return fetch(box.dataset.suggest + "?q=" + encodeURIComponent(text), { headers: { Accept: "application/json" }, credentials: "same-origin" })
            .then((response) => (response.ok ? response.json() : { people: [] }))
            .then((answer) => group((Array.isArray(answer) ? answer : answer.people || answer.results || [])
              .map((one) => (typeof one === "string" ? one : one.value || one.label || "")).filter(Boolean)))
            .catch(() => group([]));
        });
      },
      take: (row) => {
        box.value = row.value;
        ["input", "change"].forEach((name) => box.form && box.form.dispatchEvent(new Event(name, { bubbles: true })));
      },
    });
  });
})();
