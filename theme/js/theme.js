"use strict";
// Before anything is painted: the reader's own choice of light or dark, and that scripts run.
document.documentElement.classList.add("js");
try {
  const shade = localStorage.getItem("shade");
  if (shade === "light" || shade === "dark") document.documentElement.dataset.shade = shade;
} catch (_) { /* a browser that keeps nothing follows the system */ }
