"use strict";
// Everything here is a convenience: each page says all it has to say without it.
(() => {
  const root = document.documentElement;
  const dark = () => (root.dataset.shade || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  for (const button of document.querySelectorAll(".shade")) {
    button.addEventListener("click", () => {
      root.dataset.shade = dark() ? "light" : "dark";
      try { localStorage.setItem("shade", root.dataset.shade); } catch (_) { /* kept for this page only */ }
    });
  }

  // Where the site is served, it can be kept for the night the network is down.
  const own = document.querySelector("script[data-root]");
  if (own && location.protocol.startsWith("http") && !document.querySelector("script[data-page]")) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: own.dataset.root + "site.webmanifest" }));
    if (navigator.serviceWorker) navigator.serviceWorker.register(own.dataset.root + "sw.js").catch(() => { /* a browser that keeps nothing */ });
  }

  const fold = (text) => text.normalize("NFKD").toLowerCase();
  const words = (input) => fold(input.value).split(/\s+/).filter(Boolean);
  const fits = (text, all) => all.every((word) => text.includes(word));

  // Lists: rows that hold the words.
  const filter = document.querySelector("input[data-rows]");
  if (filter) {
    let rows, texts;
    const read = () => {
      rows = [...document.querySelectorAll(filter.dataset.rows + " tbody tr")];
      texts = rows.map((row) => fold(row.textContent));
    };
    read();
    document.addEventListener("opsbook:swapped", () => { read(); filter.dispatchEvent(new Event("input")); });
    filter.addEventListener("input", () => {
      const all = words(filter);
      rows.forEach((row, at) => { row.hidden = !fits(texts[at], all); });
    });
  }
})();
