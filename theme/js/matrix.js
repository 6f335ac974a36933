"use strict";
// The matrix: filters, folds, order, travel by arrows, and the words behind a cell.
const opsbookMatrix = () => {
  const table = document.querySelector("table.mx");
  const bar = document.querySelector(".filters");
  if (!table || !bar) return;
  const body = table.tBodies[0];
  const [top, names] = table.tHead.rows;
  const columns = [...names.cells];
  const field = (name) => bar.querySelector(`[name=${name}]`);
  const fields = ["owner", "tier", "chapter", "state", "sort", "gaps"].map(field).filter(Boolean);
  const worst = "arndglqptem";

  // Chapters: which columns each has, and whether it is folded.
  let at = 0;
  const chapters = [...top.querySelectorAll(".ch")].map((head) => {
    const chapter = { head, id: head.dataset.c, from: at, to: at += head.colSpan, folded: false, kept: [] };
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => { chapter.folded = !chapter.folded; apply(true); });
    head.append(button);
    chapter.button = button;
    return chapter;
  });

  let known;
  const rows = () => known ||= [...body.rows].map((tr, order) => {
    const [met, of] = tr.cells[1].textContent.split(" of ").map(Number);
    const cells = [...tr.cells].slice(2);
    return {
      tr, order, name: tr.cells[0].firstElementChild.textContent,
      owners: (tr.dataset.o || "").split(" "), tier: tr.dataset.t || "0",
      whole: tr.classList.contains("z") && tr.classList[1],
      share: of ? met / of : 2, open: of ? met < of : false,
      states: tr.classList.contains("z") ? [] : columns.map((_, at) => cells[at].className.split(" ")),
    };
  });
  const gap = (marks) => marks.includes("x") || "qp".includes(marks[0]);

  // Rules are set as rules: the page's policy lets no style stand in the page.
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [sheet];
  const nth = (column) => `:nth-child(${column + 3})`;

  const fold = (chapter) => {
    for (const { cell, sum } of chapter.kept) sum.replaceWith(cell);
    chapter.kept = [];
    if (!chapter.folded) return;
    for (const row of rows()) {
      if (row.whole) continue;
      const asked = row.states.slice(chapter.from, chapter.to).filter((marks) => !marks.includes("u"));
      const open = asked.filter((marks) => marks.includes("x")).length;
      const admitted = row.states.slice(chapter.from, chapter.to).some((marks) => "qp".includes(marks[0]));
      const cell = row.tr.cells[chapter.from + 2];
      const sum = document.createElement("td");
      sum.className = "fold f" + (open || admitted ? " open" : "");
      sum.textContent = asked.length ? `${asked.length - open}/${asked.length}` : admitted ? "!" : "·";
      cell.replaceWith(sum);
      chapter.kept.push({ cell, sum });
    }
  };

  const apply = (told) => {
    const view = Object.fromEntries(fields.map((f) => [f.name, f.type === "checkbox" ? f.checked : f.value]));
    const plain = !fields.some((f) => f.type === "checkbox" ? f.checked : f.value) && !chapters.some((c) => c.folded || c.kept.length);
    const mark = view.state && field("state").selectedOptions[0].dataset.c;
    const inside = columns.map((_, at) => {
      const chapter = chapters.find((c) => at < c.to);
      return !view.chapter || chapter.id === view.chapter;
    });
    let shown = body.rows.length;
    let used = inside;
    if (!plain || known) {
      const fits = rows().filter((row) => {
        const own = (!view.owner || row.owners.includes(view.owner)) && (!view.tier || row.tier === view.tier);
        const seen = row.states.filter((_, at) => inside[at]);
        return own
          && (!mark || (row.whole ? row.whole === mark : seen.some((marks) => marks.includes(mark))))
          && (!view.gaps || row.whole || seen.some(gap));
      });
      if (view.gaps && fits.some((row) => row.states.some(gap))) {
        used = columns.map((_, at) => inside[at] && fits.some((row) => row.states[at] && gap(row.states[at])));
      }
      shown = fits.length;
      const visible = new Set(fits);
      for (const row of rows()) row.tr.hidden = !visible.has(row);
      later(order(view.sort).map((row) => row.tr).filter((tr) => !tr.hidden));
    }
    // Folded chapters keep their first column, which holds their sum.
    const gone = [];
    for (const chapter of chapters) {
      if (chapter.folded || chapter.kept.length) fold(chapter);
      let left = 0;
      for (let at = chapter.from; at < chapter.to; at++) {
        const first = chapter.folded && at === chapter.from && inside[at];
        if (first || (used[at] && !chapter.folded)) left += 1; else gone.push(at);
      }
      chapter.head.hidden = !left;
      chapter.head.colSpan = left || 1;
      chapter.head.classList.toggle("shut", chapter.folded);
      chapter.button.setAttribute("aria-expanded", String(!chapter.folded));
      if (left) columns[chapter.from].classList.toggle("shut", chapter.folded);
    }
    const rules = [];
    if (gone.length) {
      rules.push(gone.map((at) => `.mx tbody tr:not(.z) > ${nth(at)}`).join() + "{display:none}");
      rules.push(gone.map((at) => `.mx thead tr + tr > :nth-child(${at + 1})`).join() + "{display:none}");
      rules.push(`.mx{--gone:${gone.length}}`);
    }
    if (mark) rules.push(`.mx tbody tr:not(.z) > td:not(.${mark}, .s, .k) > *{opacity:.16}`);
    if (view.gaps) rules.push(".mx tbody tr:not(.z) > td:not(.x, .q, .p, .s, .k) > *{opacity:.28}");
    sheet.replaceSync(rules.join(""));
    const spans = columns.length - gone.length + 5;
    for (const wide of body.querySelectorAll(".w")) wide.colSpan = spans;
    table.querySelector(".cc").span = Math.max(1, columns.length - gone.length);
    bar.querySelector("[role=status]").textContent = shown === body.rows.length ? "" : `${shown} of ${body.rows.length} services`;
    const query = new URLSearchParams();
    for (const f of fields) if (f.type === "checkbox" ? f.checked : f.value) query.set(f.name, f.type === "checkbox" ? "1" : f.value);
    const folded = chapters.filter((c) => c.folded).map((c) => c.id).join(".");
    if (folded) query.set("fold", folded);
    const address = query.size ? "?" + query : location.pathname;
    const other = document.querySelector(".columns-link");
    other.search = query.size ? "?" + query : "";
    if (told && address !== location.search) try { history.pushState(null, "", address); } catch (_) { /* the view stays unaddressed */ }
  };

  const order = (by) => {
    const column = columns.findIndex((head) => head.dataset.s === by);
    const keys = new Map(rows().map((row) => [row, column >= 0
      ? (row.whole ? (row.open ? -90 : -40) : (row.states[column].includes("x") ? -100 : 0) - worst.indexOf(row.states[column][0]))
      : by === "coverage" ? row.share : by === "name" ? row.name : 0]));
    const less = (a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      return (typeof x === "string" ? x.localeCompare(y) : x - y) || a.order - b.order;
    };
    const sorted = [...rows()].sort(less);
    if (sorted.some((row, at) => body.rows[at] !== row.tr)) body.append(...sorted.map((row) => row.tr));
    for (const head of columns) head.removeAttribute("aria-sort");
    if (column >= 0) columns[column].setAttribute("aria-sort", "descending");
    return sorted;
  };

  const read = () => {
    const query = new URLSearchParams(location.search);
    for (const f of fields) if (f.type === "checkbox") f.checked = query.has(f.name); else f.value = query.get(f.name) || "";
    for (const f of fields) if (f.selectedIndex === -1) f.value = "";
    const folded = (query.get("fold") || "").split(".");
    for (const chapter of chapters) chapter.folded = folded.includes(chapter.id);
    apply(false);
  };
  for (const f of fields) f.addEventListener("change", () => apply(true));
  field("clear").addEventListener("click", () => {
    for (const f of fields) if (f.type === "checkbox") f.checked = false; else f.value = "";
    for (const chapter of chapters) chapter.folded = false;
    apply(true);
  });
  addEventListener("popstate", read);

  // The words behind a cell: a script a service, which only hands its data over.
  const panel = document.querySelector(".behind");
  const loaded = new Map();
  const wanted = new Map();
  window.opsbookCells = (key, name, cells) => {
    loaded.set(key, { name, cells });
    (wanted.get(key) || []).forEach((then) => then());
    wanted.delete(key);
  };
  const load = (key, then) => {
    if (loaded.has(key)) return then();
    if (wanted.has(key)) { wanted.set(key, [then]); return undefined; }
    wanted.set(key, [then]);
    const script = document.createElement("script");
    script.src = table.dataset.cells + encodeURIComponent(key) + ".js";
    script.onerror = () => wanted.delete(key);
    document.head.append(script);
    return undefined;
  };
  const make = (name, text, more) => Object.assign(document.createElement(name), { textContent: text }, more);
  const link = (text, href) => make("a", text, { href, rel: "noopener noreferrer" });
  let current;

  const issue = (service, cell) => [
    `${service}: ${cell.title} is read as "${cell.state}"`,
    [
      `The matrix shows "${cell.title}" of ${service} as "${cell.state}" (${cell.says}), confidence ${cell.confidence} %.`,
      cell.place ? `Read from ${cell.place}${cell.commit ? " at " + cell.commit : ""}:` : "Nothing was found in its documents.",
      cell.quote ? `> ${cell.quote}` : "",
      `Page: ${location.href.split(/[?#]/)[0]}`,
      "I think this is wrong, because:",
    ].filter(Boolean).join("\n\n") + "\n",
  ];

  const show = (td) => {
    const tr = td.parentNode;
    const head = columns[td.cellIndex - 2];
    if (!head || tr.classList.contains("z") || td.classList.contains("fold")) return;
    current = td;
    load(tr.dataset.s, () => {
      if (current !== td) return;
      const { name, cells } = loaded.get(tr.dataset.s);
      const cell = cells[head.dataset.s];
      if (!cell) return;
      const root = table.dataset.root;
      const page = tr.cells[0].firstElementChild.getAttribute("href");
      const title = make("p", "", { className: "what" });
      title.append(make("b", name), " · ", link(cell.title, `${page}#${head.dataset.s}`));
      const close = make("button", "×", { type: "button", ariaLabel: "Close" });
      close.addEventListener("click", () => { panel.replaceChildren(); td.querySelector("a")?.focus(); });
      const badge = make("span", `${cell.glyph} ${cell.says}`, { className: "badge " + cell.class });
      const meta = make("p", "", { className: "how" });
      meta.append(badge, ` ${cell.marks.join(" · ")}`);
      panel.replaceChildren(close, title, meta);
      if (cell.quote) panel.append(make("blockquote", cell.quote, { className: "said" }));
      const where = make("p", "", { className: "place" });
      if (cell.written) where.append(link(cell.place, root + cell.written)); else where.append(cell.place || "");
      if (cell.view) where.append(" · ", link("at its host", cell.view));
      if (cell.edit) where.append(" · ", link("edit", cell.edit));
      panel.append(where);
      const [subject, text] = issue(name, cell);
      const dispute = make("details", "");
      const words = make("textarea", "", { readOnly: true, rows: 6, value: `${subject}\n\n${text}`, ariaLabel: "Text of the issue" });
      const copy = make("button", "Copy", { type: "button" });
      copy.addEventListener("click", () => {
        words.select();
        (navigator.clipboard ? navigator.clipboard.writeText(words.value) : Promise.reject()).catch(() => document.execCommand("copy")).then(() => { copy.textContent = "Copied"; });
      });
      dispute.append(make("summary", "Dispute this cell"), words, copy);
      if (cell.issues) {
        const lab = cell.issues.includes("/-/");
        const ask = new URLSearchParams(lab ? { "issue[title]": subject, "issue[description]": text } : { title: subject, body: text });
        dispute.append(" ", link("Open an issue with its owner", `${cell.issues}?${ask}`));
      }
      panel.append(dispute);
    });
  };
  const cellOf = (target) => target.closest && target.closest("tbody td:not(.s, .k, .w, .fold)");
  table.addEventListener("focusin", (event) => { const td = cellOf(event.target); if (td) show(td); });
  table.addEventListener("click", (event) => {
    const td = cellOf(event.target);
    if (!td || event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // The first click or tap shows the words, the next one on the same cell follows the link.
    if (td.dataset.seen !== "1" || !panel.firstChild) {
      event.preventDefault();
      body.querySelectorAll("[data-seen]").forEach((other) => delete other.dataset.seen);
      td.dataset.seen = "1";
      show(td);
    }
  });
  table.addEventListener("keydown", (event) => {
    if (event.key === "Escape") panel.replaceChildren();
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    const cell = event.target.closest("td, th");
    if (!step || event.altKey || !cell || !body.contains(cell)) return;
    event.preventDefault();
    // What is hidden, and what has no link, is stepped over.
    let tr = cell.parentNode;
    let index = cell.cellIndex;
    for (let tries = 0; tries < 4000; tries++) {
      if (step[0]) tr = step[0] > 0 ? tr.nextElementSibling : tr.previousElementSibling;
      index += step[1];
      const next = tr && tr.cells[Math.min(index, tr.cells.length - 1)];
      if (!tr || index < 0 || (step[1] && !tr.cells[index])) return;
      const to = !tr.hidden && next.querySelector("a");
      tr.classList.remove("y");
      if (to && next.offsetParent) {
        if (!to.href) to.tabIndex = -1;
        to.focus();
        next.scrollIntoView({ block: "nearest", inline: "nearest" });
        return;
      }
    }
  });
  // One stop for the Tab key: from any cell it leaves the table, arrows go on inside.
  table.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && body.contains(event.target)) (event.shiftKey ? table : panel).focus();
  });

  // A long table is shown a piece at a time, so that the first one can be used at once.
  const PIECE = 120;
  let waiting = [];
  const more = () => {
    for (const tr of waiting.splice(0, PIECE)) tr.classList.remove("y");
    if (waiting.length) soon(more);
  };
  const soon = window.requestIdleCallback || setTimeout;
  const later = (list) => {
    list.forEach((tr, at) => tr.classList.toggle("y", at >= PIECE));
    if (!waiting.length) soon(more);
    waiting = list.slice(PIECE);
  };
  addEventListener("beforeprint", () => { while (waiting.length) more(); });
  if (location.search) read(); else later([...body.rows]);
};
opsbookMatrix();
// A served page changes in place.
document.addEventListener("opsbook:swapped", opsbookMatrix);
