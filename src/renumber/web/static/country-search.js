// A field in which a country is looked for, beside the picker that keeps the answer: an editable combobox with a list
// (ARIA Authoring Practices), there only while it is open.

export function offerSearch(picker, found, pick) {
  const opener = picker.parentElement.querySelector("button[data-search]");
  let panel = null;
  opener.hidden = false;
  picker.parentElement.classList.add("searchable");
  opener.setAttribute("aria-expanded", "false");

  function close() {
    const shown = panel;
    panel = null;  // before it goes, since its field loses the focus then
    shown?.remove();
    opener.setAttribute("aria-expanded", "false");
  }

  opener.addEventListener("click", () => {
    if (panel) return close();
    panel = searchPanel(opener, found, (option) => {
      close();
      if (option) pick(option);
      (option ? picker : opener).focus();
    });
    opener.after(panel);
    opener.setAttribute("aria-expanded", "true");
    panel.firstChild.focus();
    panel.addEventListener("focusout", (event) => {
      if (!panel?.contains(event.relatedTarget) && event.relatedTarget !== opener) close();
    });
  });
}

function searchPanel(opener, found, finish) {
  const panel = made("div", { class: "search" });
  const list = made("ul", { role: "listbox", id: "country-list", "aria-label": opener.dataset.list });
  const field = made("input", {
    type: "text", role: "combobox", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    "aria-label": opener.dataset.search, "aria-autocomplete": "list", "aria-expanded": "true", "aria-controls": "country-list",
    placeholder: opener.dataset.hint,
  });
  const none = made("p", { role: "status", class: "hint" });
  let listed = [];
  let active = -1;

  function activate(place) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = place;
    const row = list.children[active];
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) field.setAttribute("aria-activedescendant", row.id);
    else field.removeAttribute("aria-activedescendant");
  }

  function show() {
    listed = found(field.value);
    list.replaceChildren(...listed.map((option) => {
      const row = made("li", { role: "option", id: `country-${option.value}`, "aria-selected": "false" });
      row.textContent = option.text;
      return row;
    }));
    list.hidden = !listed.length;
    field.setAttribute("aria-expanded", String(Boolean(listed.length)));
    none.textContent = listed.length ? "" : opener.dataset.none;
    activate(field.value && listed.length ? 0 : -1);
  }

  const moves = {
    ArrowDown: () => activate(active + 1 < listed.length ? active + 1 : 0),
    ArrowUp: () => activate(active > 0 ? active - 1 : listed.length - 1),
    Enter: () => active >= 0 && finish(listed[active]),
    Escape: () => finish(null),
  };
  field.addEventListener("keydown", (event) => {
    const move = event.isComposing ? undefined : moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  });
  field.addEventListener("input", show);
  list.addEventListener("pointerdown", (event) => event.preventDefault());  // the field keeps the focus
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) finish(listed[[...list.children].indexOf(row)]);
  });
  panel.append(field, list, none);
  show();
  return panel;
}

function made(name, attributes) {
  const part = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) part.setAttribute(attribute, value);
  return part;
}
