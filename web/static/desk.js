// Keys of the coding desk. Every button and link works without this file.
"use strict";
(() => {
  const STORED = "throughline-desk-keys";
  const form = document.querySelector("[data-desk-form]");
  const toggle = document.querySelector("[data-use-keys]");

  const wanted = () => {
    try { return localStorage.getItem(STORED) !== "off"; } catch { return true; }
  };
  if (toggle) {
    toggle.checked = wanted();
    toggle.addEventListener("change", () => {
      try { localStorage.setItem(STORED, toggle.checked ? "on" : "off"); } catch { /* not kept */ }
    });
  }

  const problems = document.getElementById("problems");
  if (problems) problems.focus();

  const rows = () => [...document.querySelectorAll("[data-row]")];
  const focusRow = (row) => {
    const field = row && row.querySelector("input[type=radio], select");
    if (field) field.focus();
  };
  const firstEmpty = () => rows().find((row) => !row.querySelector("[data-theme]").value);

  const press = (key) => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (!target) return false;
    target.click();
    return true;
  };

  const actions = {
    a: () => focusRow(firstEmpty()),
    e: () => { const note = document.getElementById("note"); if (note) note.focus(); },
    b: () => { const book = document.querySelector(".desk-codebook"); if (book) book.focus(); },
    "?": () => {
      const keys = document.getElementById("keys");
      if (keys) { keys.open = !keys.open; keys.querySelector("summary").focus(); }
    },
  };

  const isWriting = (element) =>
    element.isContentEditable || element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (press("s")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (toggle && !toggle.checked) return;
    if (isWriting(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (/^[1-9]$/.test(event.key)) {
      focusRow(rows()[Number(event.key) - 1]);
      event.preventDefault();
    } else if (actions[event.key]) {
      actions[event.key]();
      event.preventDefault();
    } else if (/^[a-z]$/.test(event.key) && press(event.key)) {
      event.preventDefault();
    }
  });

  // A theme that is chosen shows its entry in the codebook.
  document.querySelectorAll("[data-theme]").forEach((select) => {
    select.addEventListener("change", () => {
      const entry = select.value && document.getElementById(`entry-${select.value}`);
      if (!entry) return;
      entry.open = true;
      const book = entry.closest(".desk-codebook");
      if (book && book.scrollHeight > book.clientHeight) {
        book.scrollTop += entry.getBoundingClientRect().top - book.getBoundingClientRect().top;
      }
    });
  });

  // Leaving with something typed asks first; saving does not.
  if (form) {
    let touched = false;
    form.addEventListener("input", () => { touched = true; });
    form.addEventListener("submit", () => { touched = false; });
    window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
  }
})();
