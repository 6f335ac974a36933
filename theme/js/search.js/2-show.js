// Search, second part: what a reader sees and types. Whatever comes from the files of search/ goes into the page as
// text, never as markup.
const make = (tag, given, ...inside) => {
  const element = document.createElement(tag);
  for (const key in given) element.setAttribute(key, given[key]);
  element.append(...inside);
  return element;
};
const button = (text, act, given) => { const it = make("button", { type: "button", ...given }, text); it.onclick = act; return it; };
const link = (path, text, given) => make("a", { href: base + path, ...given }, text);
const marked = (text, words) => {
  const parts = [];
  let done = 0;
  split(text, (term, at, length, whole) => {
    // A part of a name that was typed as one word.
    if (whole) {
      const part = words.flatMap((word) => [...word.terms.keys()]).find((typed) => typed.length > 5 && term.includes(typed));
      if (!part || term[0] === "=") return;
      at += term.indexOf(part);
      length = part.length;
    } else if (!words.some((word) => word.terms.has(term))) return;
    if (at + length <= done) return;
    parts.push(text.slice(done, at), make("mark", {}, text.slice(max(done, at), at + length)));
    done = at + length;
  });
  return [...parts, text.slice(done)];
};
// The stretch of a text in which most of the words stand.
const piece = (text, words) => {
  const at = [];
  let start = 0, most = 0;
  split(text, (term, from) => words.forEach((word) => { if (word.terms.has(term) && at.length < 200) at.push([from, word, word.terms.get(term)]); }));
  for (const [from] of at) {
    const best = new Map();
    for (const [other, word, worth] of at) if (other >= from && other < from + 150) best.set(word, max(best.get(word) || 0, worth));
    const value = [...best.values()].reduce((a, b) => a + b, 0);
    if (value > most) { most = value; start = from; }
  }
  start = start < 60 || text.length < 190 ? 0 : text.indexOf(" ", start - 40) + 1;
  const end = text.length < start + 190 ? text.length : max(start + 100, text.lastIndexOf(" ", start + 190));
  return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
};

// Pages somebody had open before, as opener.js keeps them.
let recent = [];
try { recent = JSON.parse(localStorage.getItem("recent " + base)).filter((one) => one.every((text) => typeof text === "string")); } catch (_) { /* none */ }

const facets = ["tier", "kind", "state", "owner", "service", "section"];
const count = (many, one) => many + " " + one + (many === 1 ? "" : "s");
// Puts the search into an element; gives what sets it going.
const fill = (host, onPage) => {
  const input = make("input", { type: "search", role: "combobox", placeholder: "Alert, service, error, command …", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "aria-label": "Search", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "answers" });
  const chips = make("div", { class: "chips", role: "group", "aria-label": "Filters" });
  const told = make("p", { class: "told", role: "status" });
  const list = make("div", { class: "answers", role: "listbox", id: "answers", "aria-label": "Results" });
  const foot = make("div", { class: "foot" });
  host.append(make("div", { class: "ask" }, input, ...onPage ? [] : [button("Close", () => host.close())]), chips, told, make("div", { class: "scrolls" }, list, foot));
  let only = {}, names = {}, most, turn = 0, active, timer;
  const options = () => [...list.querySelectorAll("a")];
  const choose = (option, scroll) => {
    if (active) active.setAttribute("aria-selected", "false");
    active = option;
    input.setAttribute("aria-expanded", String(!!active));
    input.setAttribute("aria-activedescendant", active ? active.id : "");
    if (!active) return;
    active.setAttribute("aria-selected", "true");
    if (scroll) active.scrollIntoView({ block: "nearest" });
  };
  const group = (title, beside, all) => {
    const id = "group-" + list.children.length;
    list.append(make("div", { class: "group", role: "group", "aria-labelledby": id }, make("p", { id }, title, make("small", {}, " " + beside)), ...all));
    options().forEach((option, at) => { option.id = "answer-" + at; });
  };
  const option = (path, ...inside) => { const it = link(path, "", { role: "option", "aria-selected": "false", tabindex: "-1" }); it.append(...inside); return it; };
  const address = () => String(new URLSearchParams(Object.entries({ q: input.value, ...only }).filter(([, value]) => value)));
  const set = (facets) => { only = facets; run(true); input.focus(); };
  const filters = (groups) => {
    const found = {};
    const add = (facet, value, text) => { if (value) { names[facet + value] = text; found[facet] ??= {}; found[facet][value] = (found[facet][value] || 0) + 1; } };
    for (const facet in only) add(facet, only[facet], names[facet + only[facet]] || only[facet]);
    for (const { service, results } of groups) {
      if (service) add("service", ...service);
      for (const { kind, tier, owners, section, state } of results) {
        add("kind", kind, kind);
        add("tier", tier, "tier " + tier);
        for (const owner of owners) add("owner", ...owner);
        if (section >= 0) add("section", ...root.sections[section]);
        if (state) add("state", state, root.signs[state][3]);
      }
    }
    chips.replaceChildren(...facets.flatMap((facet) => {
      const values = Object.keys(found[facet] || {}).sort((a, b) => found[facet][b] - found[facet][a]);
      const shown = only[facet] ? [only[facet]] : values.length > 1 ? values.slice(0, 3) : [];
      return shown.map((value) => button(names[facet + value], () => set({ ...only, [facet]: only[facet] ? "" : value }), { title: facet, "aria-pressed": String(!!only[facet]) }));
    }));
  };
  const lists = () => make("p", {}, "The lists lead everywhere: ", link("services/index.html", "services"), ", ", link("sections/index.html", "sections"), ", ", link("gaps/index.html", "gaps"), ".");
  const show = ({ groups, words, more, all }) => {
    let many = 0;
    for (const { title, service, tier, owners, results } of groups) {
      many += results.length;
      group(title, service ? [tier && "tier " + tier, ...owners.map(([, name]) => name)].filter(Boolean).join(" · ") : "", results.map(({ section, anchor, heading, state, text, at, name, kind, href, note }) => {
        const own = root.sections[section], sign = root.signs[state], to = anchor || own && own[0];
        const says = at ? [kind === "service" ? "" : name, own && own[1], own && own[1] === heading ? "" : heading].filter(Boolean).join(" › ") : name;
        const it = option(href + (to ? "#" + encodeURIComponent(to) : ""), make("b", {}, ...marked(says || name, words)), " ");
        if (sign) it.append(make("span", { class: "badge " + sign[1] }, make("span", { "aria-hidden": "true" }, sign[2]), " " + sign[3]));
        if (!at) it.append(make("span", { class: "tag" }, note || kind));
        if (text) it.append(make("span", { class: "words" }, ...marked(piece(text, words), words)));
        return it;
      }));
    }
    const lost = words.filter((word) => !word.entries[0]).map(({ word }) => `“${word}”`).join(", ");
    const mended = words.filter((word) => word.meant).map((word) => `“${word.meant}” for “${word.word}”`).join(", ");
    told.textContent = (many ? `${count(many, "result")} in ${count(groups.length, "group")}${more ? ", and more" : ""}.` : "Nothing found.") + (mended && ` Taken: ${mended}.`) + (lost ? ` ${lost} stands nowhere in what was collected.` : all ? "" : " No page has all the words.");
    if (many && more) foot.append(button("More results", () => { most += 5; run(); input.focus(); }), " ");
    if (!many && Object.values(only).some(Boolean)) foot.append(button("Search without filters", () => set({})));
    if (!many) foot.append(make("p", {}, "Half a name is enough, and so is a number out of an error. The author may have used another word."), lists());
    else if (!onPage) foot.append(link("search/index.html?" + address(), "Open as a page"));
  };
  const run = async (fresh) => {
    if (fresh) most = 5;
    const mine = ++turn, query = input.value.trim();
    const asked = query || Object.values(only).some(Boolean);
    if (onPage) { try { history.replaceState(null, "", location.pathname + (asked ? "?" + address() : "")); } catch (_) { /* it stays as it is */ } }
    let found;
    try { found = asked && await answer(query, only, most); } catch (error) {
      // Published anew while this page was open: once more, with the new files.
      if (error.message === "stale" && !again) { again = Date.now(); files = {}; root = null; return run(fresh); }
      found = null;
    }
    if (mine !== turn) return;
    list.replaceChildren();
    foot.replaceChildren();
    if (found) filters(found.groups); else chips.replaceChildren();
    if (found) show(found);
    else if (asked) { told.textContent = "The files of the search cannot be read here. Load the page again."; foot.append(lists()); }
    else {
      told.textContent = recent[0] ? "" : "Type a service, an alert, an error or a command.";
      if (recent[0]) group("Recent pages", "", recent.map(([title, path]) => option(path, title)));
    }
    choose(options()[0]);
  };
  input.oninput = () => { clearTimeout(timer); timer = setTimeout(run, 60, true); };
  input.onkeydown = (event) => {
    const all = options(), at = all.indexOf(active);
    if (event.key === "ArrowDown") choose(all[min(at + 1, all.length - 1)], true);
    else if (event.key === "ArrowUp") choose(all[max(at - 1, 0)], true);
    else if (event.key === "Enter") { if (active) active.click(); }
    else if (event.key === "Escape" && onPage) { input.value = ""; set({}); }
    else return;
    event.preventDefault();
  };
  list.onmousemove = (event) => { const over = event.target.closest("a"); if (over && over !== active) choose(over); };
  if (onPage) for (const [key, value] of new URLSearchParams(location.search)) { if (key === "q") input.value = value; else if (facets.includes(key)) only[key] = value; }
  else host.onclick = (event) => { if (event.target === host || event.target.closest("a")) host.close(); };
  run(true);
  return () => { if (!host.isConnected) document.body.append(host); if (!onPage && !host.open) host.showModal(); input.select(); input.focus(); };
};

const page = document.querySelector(".search.here");
let wake = page && fill(page, true);
if (page) wake();
// What opener.js calls.
self.opsbookSearch.open = () => {
  if (!wake) {
    const dialog = make("dialog", { class: "search", "aria-label": "Search" });
    document.body.append(dialog);
    wake = fill(dialog);
  }
  wake();
};
