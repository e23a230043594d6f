// What axe-core does not ask of a page. Each gives what is wrong, a line each; none is right.
(() => {
  const name = (element) => {
    const words = (element.innerText || element.value || "").trim().replace(/\s+/g, " ");
    const id = element.id ? `#${element.id}` : "";
    const kind = element.classList.length ? `.${[...element.classList].join(".")}` : "";
    return `<${element.localName}${id}${kind}> ${words.slice(0, 60)}`;
  };

  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest(".vh, .skip");

  const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);

  const scroller = (element) => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
      if (scrolls(up)) return up;
    }
    return null;
  };

  // Nothing but a table (or code) may need a second direction of scrolling, and then in its own box.
  const wide = () => {
    const root = document.documentElement;
    const found = [];
    if (root.scrollWidth > root.clientWidth) found.push(`the page scrolls to ${root.scrollWidth}`);
    for (const element of document.body.querySelectorAll("*")) {
      if (!shown(element) || element.closest("svg")) continue;
      const box = element.getBoundingClientRect();
      if (box.right > root.clientWidth + 1 && box.width && !scroller(element)) {
        found.push(`beyond the edge: ${name(element)}`);
      }
      const contents = "table, pre, [aria-label^='Codebook']";
      if (scrolls(element) && element.scrollWidth > element.clientWidth + 1) {
        if (!element.matches("pre") && !element.querySelector(contents)) {
          found.push(`scrolls sideways without a table: ${name(element)}`);
        }
        if (element.tabIndex < 0) found.push(`scrolls, not by keyboard: ${name(element)}`);
      }
    }
    return found;
  };

  // Words that a box cuts off, or that stand over others.
  const clipped = () => {
    const found = [];
    for (const element of document.body.querySelectorAll("*")) {
      // What is one pixel wide is there for screen readers alone.
      if (!shown(element) || element.closest("svg, .tip") || element.clientWidth === 1) continue;
      const style = getComputedStyle(element);
      const hides = [style.overflowX, style.overflowY].some((o) => ["hidden", "clip"].includes(o));
      const cut =
        element.scrollWidth > element.clientWidth + 1 ||
        element.scrollHeight > element.clientHeight + 1;
      if (hides && cut && element.innerText && !element.matches("select, input")) {
        found.push(`cut off: ${name(element)}`);
      }
      if (element.matches("button, a, summary") && element.clientWidth && cut && !hides) {
        if (element.scrollHeight > element.clientHeight + 8 && style.display !== "inline") {
          found.push(`runs out of its box: ${name(element)}`);
        }
      }
    }
    return found;
  };

  const bareTables = () => {
    const found = [];
    for (const table of document.querySelectorAll("table")) {
      if (table.closest("#vg-tooltip-element")) continue;
      const named = table.caption?.textContent.trim() || table.getAttribute("aria-labelledby");
      if (!named) found.push(`without a caption: ${name(table)}`);
      if (!table.querySelector("thead th")) found.push(`without heads of columns: ${name(table)}`);
      for (const head of table.querySelectorAll("th")) {
        if (!head.scope) found.push(`a head without scope: ${name(head)}`);
      }
      for (const row of table.tBodies[0]?.rows ?? []) {
        const labelled = row.querySelector("th") || row.classList.contains("gap");
        if (!labelled) found.push(`a row without a head: ${name(row)}`);
      }
    }
    return found;
  };

  // WCAG 2.2, 1.4.12: what a reader may set without losing anything.
  const spaced = new CSSStyleSheet();
  spaced.replaceSync(
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important;" +
      " word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }",
  );
  const setSpacing = (on) => {
    document.adoptedStyleSheets = on ? [spaced] : [];
  };

  const moving = () => {
    const found = [];
    if (getComputedStyle(document.documentElement).scrollBehavior !== "auto") {
      found.push("the page scrolls smoothly");
    }
    const seconds = (list) => list.split(",").some((each) => parseFloat(each) > 0);
    for (const element of document.querySelectorAll("*")) {
      const style = getComputedStyle(element);
      if (seconds(style.transitionDuration) || seconds(style.animationDuration)) {
        found.push(`moves: ${name(element)}`);
      }
    }
    return found;
  };

  // The element that has the focus: can it be seen, is it marked, and what is it?
  const luminance = (r, g, b) => {
    const [x, y, z] = [r, g, b].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const colour = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const contrast = (one, other) => {
    const [a, b] = [one, other].map((text) => luminance(...colour(text).slice(0, 3)));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const ground = (element) => {
    for (let up = element; up; up = up.parentElement) {
      const [r, g, b, alpha = 1] = colour(getComputedStyle(up).backgroundColor);
      if (alpha > 0.99) return `rgb(${r}, ${g}, ${b})`;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)";
  };

  const focusProblems = (element) => {
    const found = [];
    const style = getComputedStyle(element);
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) {
      found.push(`no outline: ${name(element)}`);
    }
    // The ring has an inner and an outer colour: one of them stands out from what is around it.
    const inside = parseFloat(style.outlineOffset) < 0;
    const around = ground(inside ? element : element.parentElement ?? element);
    const rings = [style.outlineColor, ...(style.boxShadow === "none" ? [] : [style.boxShadow])];
    if (!rings.some((ring) => contrast(ring, around) >= 3)) {
      found.push(`a ring of ${rings.join(" and ")} on ${around}: ${name(element)}`);
    }
    const boxes = [...element.getClientRects()].filter((box) => box.width && box.height);
    const seen = boxes.some((box) => {
      const points = [0.5, 0.1, 0.9].flatMap((x) => [0.5, 0.1, 0.9].map((y) => [x, y]));
      return points.some(([x, y]) => {
        const at = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
        return at && element.contains(at) && !at.closest(".tip");
      });
    });
    if (!seen) found.push(`hidden or out of the window: ${name(element)}`);
    return found;
  };

  const tabbable = () =>
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
      .filter((element) => element.tabIndex >= 0 && !element.disabled && element.type !== "hidden")
      .filter((element) => element.checkVisibility({ visibilityProperty: true }));

  window.checks = {
    wide,
    clipped,
    bareTables,
    setSpacing,
    moving,
    tabbable: () => tabbable().length,
    focus: () => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const place = tabbable().indexOf(element);
      return { place, name: name(element), problems: focusProblems(element) };
    },
  };
})();
