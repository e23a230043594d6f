// Makes figures answer to pointer and keyboard. Without this file every figure is a picture
// with its table; with it the same picture tells each mark's numbers.
"use strict";

(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 40rem)");
  const still = matchMedia("(prefers-reduced-data: reduce)");
  let script;

  function load(address) {
    script ??= new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = address;
      element.onload = () => resolve(window.throughlineEmbed);
      element.onerror = reject;
      document.head.append(element);
    });
    return script;
  }

  function address(figure) {
    const url = new URL(figure.dataset.spec, location.href);
    if (dark.matches) url.searchParams.set("scheme", "dark");
    if (narrow.matches) url.searchParams.set("narrow", "1");
    return url;
  }

  async function draw(figure) {
    // Of two drawings under way, such as while a window is being resized, the later one counts.
    const turn = String(Number(figure.dataset.turn ?? 0) + 1);
    figure.dataset.turn = turn;
    const picture = figure.querySelector("picture");
    const [embed, spec] = await Promise.all([
      load(figure.dataset.script),
      fetch(address(figure)).then((answer) => {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      }),
    ]);
    if (figure.dataset.turn !== turn) return;
    const place = document.createElement("div");
    place.className = "chart-live";
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", picture.querySelector("img").alt);
    // Named as the picture was; its marks have no names of their own, and the table has them all.
    const drawing = document.createElement("div");
    drawing.setAttribute("aria-hidden", "true");
    place.append(drawing);
    picture.before(place);
    // ast: the page's policy forbids making code out of text.
    await embed(drawing, spec, {
      ast: true,
      actions: false,
      renderer: "svg",
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
    });
    if (figure.dataset.turn !== turn) return place.remove();
    figure.querySelectorAll(".chart-live").forEach((old) => old !== place && old.remove());
    picture.hidden = true;
  }

  function upgrade(figure) {
    draw(figure).catch(() => {
      // The picture is still there, and the table.
      figure.querySelectorAll(".chart-live").forEach((old) => old.remove());
      figure.querySelector("picture").hidden = false;
    });
  }

  const figures = document.querySelectorAll("figure[data-spec]");
  const spare = still.matches || (navigator.connection && navigator.connection.saveData);
  if (figures.length && !spare && "IntersectionObserver" in window) {
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        seen.unobserve(entry.target);
        entry.target.dataset.live = "";
        upgrade(entry.target);
      }
    });
    figures.forEach((figure) => seen.observe(figure));
    const again = () => document.querySelectorAll("figure[data-live]").forEach(upgrade);
    dark.addEventListener("change", again);
    narrow.addEventListener("change", again);
  }

  // A quote that stands over the page goes away with Escape, and comes back with the next cell.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.body.classList.add("no-tips");
  });
  for (const kind of ["focusin", "pointerover"]) {
    document.addEventListener(kind, () => document.body.classList.remove("no-tips"));
  }
})();
