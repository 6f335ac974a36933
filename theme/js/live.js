"use strict";
// While the site is served: the page follows its sources in place. Scroll, focus and open folds stay.
(() => {
  const own = document.currentScript;
  const page = own.dataset.page;
  let have = own.dataset.have;

  // Makes `old` the same as `next`, keeping every element that is there already.
  const morph = (old, next) => {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
      return;
    }
    const fold = old.localName === "details";
    for (const { name } of [...old.attributes]) {
      // What scripts and readers have set stays: open folds, rows hidden by a filter.
      if (!next.hasAttribute(name) && !(fold && name === "open") && name !== "hidden") old.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
      if (!(fold && name === "open") && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    // What the search has put into its place is nowhere else.
    if (!old.matches(".search")) children(old, next);
  };

  const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || "") === (b.id || "");

  const children = (old, next) => {
    let at = old.firstChild;
    for (const child of [...next.childNodes]) {
      // A part further down that is the very same, or has the same id, moves up over what was taken out.
      let found = null;
      for (let look = at, steps = 0; look && steps < 8; look = look.nextSibling, steps += 1) {
        if (look.isEqualNode(child) || (child.id && look.id === child.id && alike(look, child))) { found = look; break; }
      }
      if (!found && at && alike(at, child)) found = at;
      if (!found) {
        old.insertBefore(document.importNode(child, true), at);
        continue;
      }
      while (at !== found) {
        const gone = at;
        at = at.nextSibling;
        gone.remove();
      }
      if (!found.isEqualNode(child)) morph(found, child);
      at = found.nextSibling;
    }
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
  };

  // The heading a reader looks at stays where it is on the screen, whatever grows above it.
  const anchor = () => [...document.querySelectorAll("main [id]")].find((one) => one.getBoundingClientRect().bottom > 0);

  // How to find a part of the page again once it was made anew.
  const named = (one) => {
    const row = one.closest("tr[data-s]");
    const cell = one.closest("td, th");
    if (row && cell) return `tr[data-s="${CSS.escape(row.dataset.s)}"] > :nth-child(${cell.cellIndex + 1}) ${one === cell ? "" : one.localName}`;
    return one.id ? "#" + CSS.escape(one.id) : one.name ? `[name="${CSS.escape(one.name)}"]` : "";
  };

  // A page whose script reworks it is put in its place whole, and the script takes it up anew.
  const renew = (main, fresh) => {
    const boxes = (below) => [...below.querySelectorAll("details, .scroll")];
    const views = boxes(main).map((one) => [one.open, one.scrollLeft, one.scrollTop]);
    const [left, top] = [scrollX, scrollY];
    const next = document.importNode(fresh, true);
    main.replaceWith(next);
    return () => {
      boxes(next).forEach((one, at) => {
        if (!views[at]) return;
        if (one.localName === "details") one.open = views[at][0];
        one.scrollTo(views[at][1], views[at][2]);
      });
      scrollTo(left, top);
    };
  };

  // The same parts stay; what a reader looks at stays where it is.
  const keep = (main, fresh) => {
    const mark = anchor();
    const top = mark && mark.getBoundingClientRect().top;
    morph(main, fresh);
    return () => { if (mark && mark.isConnected && scrollY > 0) scrollBy(0, mark.getBoundingClientRect().top - top); };
  };

  const swap = (text) => {
    const next = new DOMParser().parseFromString(text, "text/html");
    const fresh = next.querySelector("main");
    const main = document.querySelector("main");
    if (!fresh || !main) return location.reload();
    const focus = document.activeElement;
    const name = main.contains(focus) ? named(focus) : "";
    const marked = focus && [focus.selectionStart, focus.selectionEnd];
    const restore = (document.querySelector("script[data-again]") ? renew : keep)(main, fresh);
    document.title = next.title;
    const links = next.querySelector("header.top nav");
    const nav = document.querySelector("header.top nav");
    if (links && nav) morph(nav, links);
    document.dispatchEvent(new CustomEvent("opsbook:swapped"));
    restore();
    if (!focus || focus === document.activeElement) return;
    const again = focus.isConnected ? focus : name && document.querySelector("main " + name);
    if (!again) return;
    again.focus({ preventScroll: true });
    if (again.localName === "input" && typeof marked[0] === "number") again.setSelectionRange(...marked);
  };

  let asked = 0;
  const refresh = async (hash) => {
    const turn = ++asked;
    try {
      const answer = await fetch(location.pathname, { cache: "no-store" });
      const text = await answer.text();
      // A later save has overtaken this one.
      if (turn !== asked) return;
      have = hash;
      swap(text);
    } catch (_) { /* the stream says when the server is there again */ }
  };

  const mistake = (text) => {
    const last = document.querySelector(".opsbook-mistake");
    if (last) last.remove();
    if (!text) return;
    const box = document.createElement("section");
    box.className = "opsbook-mistake";
    box.setAttribute("role", "alert");
    const title = document.createElement("h2");
    title.textContent = "The page below is the last good one";
    const hide = document.createElement("button");
    hide.textContent = "Hide";
    hide.addEventListener("click", () => box.remove());
    const words = document.createElement("pre");
    words.textContent = text;
    box.append(hide, title, words);
    document.body.append(box);
  };

  const away = (gone) => {
    const last = document.querySelector(".opsbook-away");
    if (!gone) return last && last.remove();
    if (last) return;
    const note = document.createElement("p");
    note.className = "opsbook-away";
    note.setAttribute("role", "status");
    note.textContent = "opsbook serve does not answer";
    document.body.append(note);
  };

  let stream = null;
  let lost = 0;
  const listen = () => {
    stream = new EventSource("/_opsbook/events?page=" + page + "&have=" + have);
    stream.addEventListener("hello", (event) => {
      clearTimeout(lost);
      lost = 0;
      away(false);
      mistake(JSON.parse(event.data).mistake);
    });
    stream.addEventListener("page", (event) => {
      const { hash } = JSON.parse(event.data);
      if (hash !== have) refresh(hash);
    });
    // The whole fleet is true again: whatever a script has loaded may be old.
    stream.addEventListener("built", () => document.dispatchEvent(new CustomEvent("opsbook:built")));
    stream.addEventListener("mistake", (event) => mistake(JSON.parse(event.data).text));
    stream.addEventListener("reload", () => location.reload());
    stream.addEventListener("error", () => {
      // A stream that has only grown old is back at once.
      lost ||= setTimeout(() => away(true), 1500);
      // A server that refused, or begins anew, is asked again with what this page has by then.
      if (stream && stream.readyState === EventSource.CLOSED) setTimeout(follow, 1000);
    });
  };
  // A browser keeps few connections to one server: a tab nobody sees gives its own back, and catches up when it is seen.
  const follow = () => {
    if (stream) stream.close();
    stream = null;
    if (!document.hidden) listen();
  };
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", () => { if (stream) stream.close(); });
  addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
  follow();
})();
