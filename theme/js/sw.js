"use strict";
// Offline: a page comes from the network where there is one, and from what was kept where there is none. VERSION and
// FIRST are set above by the build: what it was built from, and the pages to have at hand before anybody opened them.
const STORE = `opsbook-${VERSION}`;
const keep = async (request, answer) => {
  if (answer.ok && answer.type === "basic") (await caches.open(STORE)).put(request, answer.clone());
  return answer;
};
addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(STORE).then((store) => Promise.allSettled(FIRST.map((path) => store.add(new Request(path, { cache: "no-cache" }))))));
});
addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("opsbook-") && name !== STORE).map((name) => caches.delete(name)))).then(() => clients.claim()));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || url.pathname.includes("/_opsbook")) return;
  const kept = () => caches.match(request, { ignoreSearch: true });
  // The name of a style or script changes with its bytes.
  if (url.pathname.includes("/assets/")) {
    event.respondWith(kept().then((found) => found || fetch(request).then((answer) => keep(request, answer))));
    return;
  }
  event.respondWith(fetch(request, request.mode === "navigate" ? {} : { cache: "no-cache" }).then((answer) => keep(request, answer), async (error) => {
    const found = await kept() || (request.mode === "navigate" && url.pathname.endsWith("/") && await caches.match(url.pathname + "index.html"));
    if (found) return found;
    throw error;
  }));
});
