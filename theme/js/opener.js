"use strict";
// Opens the search, which is loaded when somebody first wants it, and keeps the names of the last pages for it.
(() => {
  const { src, dataset } = document.currentScript;
  const base = new URL("../", src).href;
  let loading = false;
  const open = (event) => {
    event.preventDefault();
    const ready = self.opsbookSearch;
    if (ready) return ready.open();
    if (loading) return;
    loading = true;
    const script = document.createElement("script");
    script.src = base + dataset.search;
    script.onload = () => self.opsbookSearch.open();
    script.onerror = () => { location.href = base + "search/index.html"; };
    document.head.append(script);
  };
  addEventListener("keydown", (event) => {
    const more = event.ctrlKey || event.metaKey;
    if (more ? event.key === "k" : event.key === "/" && !event.altKey && !event.target.closest("input, textarea, select")) open(event);
  });
  for (const link of document.querySelectorAll(".open-search")) link.addEventListener("click", (event) => { if (!event.ctrlKey && !event.metaKey && !event.shiftKey) open(event); });

  const path = location.href.slice(base.length).split(/[?#]/)[0], title = document.querySelector("h1");
  if (title && location.href.startsWith(base) && path.includes("/") && !path.startsWith("search/")) {
    try {
      const last = JSON.parse(localStorage.getItem("recent " + base)) || [];
      const all = [[title.textContent, path], ...last.filter((one) => one[1] !== path)].slice(0, 8);
      localStorage.setItem("recent " + base, JSON.stringify(all));
    } catch (_) { /* a browser that keeps nothing */ }
  }
})();
