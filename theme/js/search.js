"use strict";
// Search. What is needed of the files in search/ is loaded as scripts, which works from a disk too; src/render/search/ says
// what is in them. Whatever comes from there goes into the page as text, never as markup.
(() => {
  const base = new URL("../", document.currentScript.src).href;
  const fewest = 5; // pages looked into at once: each is a file of up to 8 KB

  // Files, each with the stamp of the site it was made with.
  const arrived = new Map();
  let files = new Map();
  let root = null;
  let again = "";
  window.opsbookSearch = (name, stamp, data) => arrived.set(name, { stamp, data });
  const load = (name, version) => {
    if (!files.has(name)) {
      files.set(name, new Promise((done, fail) => {
        const script = document.createElement("script");
        const end = (ok) => { script.remove(); if (ok) done(arrived.get(name)); else { files.delete(name); fail(Error(name)); } };
        script.src = base + "search/" + name + ".js" + version;
        script.onload = () => end(arrived.has(name));
        script.onerror = () => end(false);
        document.head.append(script);
      }));
    }
    return files.get(name);
  };
  const file = async (name, stamp) => {
    const it = await load(name, "?" + root.stamp);
    if (it.stamp !== root.stamp + stamp) throw Error("stale");
    return it;
  };
  const ready = async () => {
    if (!root) {
      const { stamp, data } = await load("root", again);
      root = { ...data, stamp, small: new Set(data.small.split(" ")) };
    }
  };

  // Words: as src/render/search/token.rs splits them.
  const unspaced = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{2ffff}]/u;
  const runs = /[\p{Alphabetic}\p{N}\u0300-\u036f_.\/:@#%+~=&?$-]+/gu;
  const ends = /^[_.\/:@#%+~=&?$-]+|[_.\/:@#%+~=&?$-]+$/g;
  const fold = (text) => {
    const plain = text.normalize("NFKD").replace(/([\u0400-\u04ff]\u0306)|[\u0300-\u036f]/g, "$1").normalize("NFC").toLowerCase();
    return plain.length > 64 ? [...plain].slice(0, 64).join("") : plain;
  };
  // Calls back with each term, where it stands, and whether it is a whole made of others.
  const split = (text, found) => {
    const word = (part, at) => {
      if (unspaced.test(part)) {
        for (const { 0: run, index } of part.matchAll(/[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{2ffff}]+|[^\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{2ffff}]+/gu)) {
          const letters = [...run];
          if (letters.length < 3 || !unspaced.test(run)) found(fold(run), at + index, run.length, false);
          else for (let i = 0, from = at + index; i + 1 < letters.length; from += letters[i++].length) found(fold(letters[i] + letters[i + 1]), from, letters[i].length + letters[i + 1].length, false);
        }
        return;
      }
      const humps = part.match(/\p{Lu}/u) ? part.split(/(?<=[^\p{Lu}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u) : [part];
      found(fold(part), at, part.length, humps.length > 1);
      if (humps.length > 1) for (const hump of humps) { found(fold(hump), at, hump.length, false); at += hump.length; }
    };
    for (const { 0: run, index } of text.matchAll(runs)) {
      const name = run.replace(ends, "");
      if (!name) continue;
      const start = run.match(/^[_.\/:@#%+~=&?$-]*/)[0];
      const dashes = start.match(/-{0,2}$/)[0];
      const at = index + start.length;
      const named = dashes + name;
      if (/[_.\/:@#%+~=&?$-]/.test(named) && named.length <= 64) found("=" + fold(named), at - dashes.length, named.length, true);
      for (const { 0: piece, index: from } of name.matchAll(/[^\/:@#%+~=&?$]+/g)) {
        const bare = piece.replace(ends, "");
        if (bare !== named && /[-_.]/.test(bare) && bare.length <= 64) found("=" + fold(bare), at + from + piece.indexOf(bare), bare.length, true);
        for (const part of piece.matchAll(/[^-_.]+/g)) word(part[0], at + from + part.index);
      }
    }
  };

  // Terms.
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const digit = Object.fromEntries([...digits].map((letter, value) => [letter, value]));
  const numbers = (text) => {
    const all = [];
    for (let at = 0, number = 0, shift = 0; at < text.length; at++) {
      const value = digit[text[at]];
      number += (value & 31) << shift;
      shift += 5;
      if (value < 32) { all.push(number); number = shift = 0; }
    }
    return all;
  };
  const terms = async (at) => {
    const it = await file("t" + at, " " + root.starts[at]);
    let before = [];
    return it.entries ??= it.data.split("|").filter(Boolean).map((entry) => {
      const [head, ...fields] = entry.split(" ");
      const term = before.slice(0, digit[head[0]]).join("") + head.slice(1);
      before = [...term];
      const forms = (fields[4] || "").split(",").filter(Boolean).map((form) => before.slice(0, digit[form[0]]).join("") + form.slice(1));
      return { term, fields, forms };
    });
  };
  const between = async (from, to, most) => {
    let low = 0, high = root.starts.length;
    while (high - low > 1) { const mid = (low + high) >> 1; if (root.starts[mid] <= from) low = mid; else high = mid; }
    const at = [low];
    while (at.length < most && root.starts[++low] < to) at.push(low);
    const lists = await Promise.all(at.map(terms));
    return lists.flat().filter(({ term }) => term >= from && term < to);
  };
  const exactly = async (term) => (await between(term, term + "\0", 1))[0];
  const starting = (term, most) => between(term, term + "\uffff", most);
  // Places of a field: pages, and the unit on each where that is told.
  const places = (entry, field) => {
    const text = entry.fields[field] || "";
    const pages = [], units = [];
    if (text[0] === "!") {
      for (let at = 1; at < text.length; at++) for (let bit = 0, six = digit[text[at]]; six; bit++, six >>= 1) if (six & 1) pages.push((at - 1) * 6 + bit);
    } else if (text[0] === ".") {
      let page = 0;
      for (const step of numbers(text.slice(1))) pages.push(page += step);
    } else {
      const all = numbers(text);
      for (let at = 0, page = 0; at < all.length; at += 2) { pages.push(page += all[at]); units.push(all[at + 1]); }
    }
    return { pages, units: units.length ? units : null };
  };

  // How many letters differ: of the whole term, or of as much of it as was typed.
  const distance = (typed, term) => {
    let older = [], last = Array.from({ length: term.length + 1 }, (_, i) => i);
    for (let i = 1; i <= typed.length; i++) {
      const row = [i];
      for (let j = 1; j <= term.length; j++) {
        const same = typed[i - 1] === term[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && typed[i - 1] === term[j - 2] && typed[i - 2] === term[j - 1]) row[j] = Math.min(row[j], older[j - 2] + 1);
      }
      older = last;
      last = row;
    }
    return [last[term.length], Math.min(...last.slice(typed.length - 1))];
  };
  // Terms a mistyped word may mean: one of its halves is right. Each with how good it is.
  const meant = async (word) => {
    if (word.length < 4 || /\P{L}/u.test(word) || unspaced.test(word)) return [];
    const half = Math.min(4, word.length >> 1);
    const near = new Map();
    const look = (term) => {
      if (Math.abs(term.length - word.length) > 2 && (term.length < word.length || word.length < 5)) return;
      const [whole, part] = distance(word, term);
      const most = word.length > 8 ? 2 : 1;
      if (whole && whole <= most) near.set(term, whole > 1 ? 0.4 : 0.6);
      else if (part && part <= most && word.length > 4) near.set(term, part > 1 ? 0.25 : 0.35);
    };
    for (const { term } of await starting("~" + word.slice(0, half), 2)) if (!term.includes(",")) look(term.slice(1));
    if (!near.size || Math.max(...near.values()) < 0.6) {
      const keys = [half - 1, half, half + 1].map((at) => word.slice(at, at + 4)).filter((key) => key.length > 1);
      for (const list of await Promise.all(keys.map((key) => starting("~" + key, 1)))) {
        for (const { term } of list) { const [tail, head] = term.slice(1).split(","); if (head) look(head + tail); }
      }
    }
    return [...near].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length).slice(0, 6);
  };
  // A word of the query with the terms it may stand for.
  const lookUp = async (word, typing, mend) => {
    const found = { word, terms: new Map(), entries: [], small: root.small.has(word) };
    const add = (entry, worth) => { if (entry && !found.terms.has(entry.term)) { found.terms.set(entry.term, worth); found.entries.push([entry, worth]); } };
    const own = await exactly(word);
    add(own, 1);
    for (const form of await Promise.all(own ? own.forms.map(exactly) : [])) add(form, 0.85);
    if ((typing || !own) && word.length > 1 && !unspaced.test(word)) {
      const longer = await starting(word, 2);
      longer.sort((a, b) => a.term.length - b.term.length);
      for (const entry of longer.slice(0, 60)) add(entry, 0.45 + 0.4 * word.length / entry.term.length);
    }
    if (mend || !found.entries.length) {
      const near = await meant(word);
      const entries = await Promise.all(near.map(([term]) => exactly(term)));
      entries.forEach((entry, at) => { if (entry) { add(entry, near[at][1]); found.meant ??= own || found.entries.length > 1 && found.terms.get(found.entries[0][0].term) > 0.6 ? "" : entry.term; } });
    }
    return found;
  };

  // Pages by what the index tells of them: name, heading, text, and sections, which every service has.
  const weigh = (words, wholes, among) => {
    const count = root.pages;
    const score = new Float32Array(count), hits = new Uint8Array(count);
    const seen = new Map();
    for (const word of words) {
      word.sections = new Map();
      word.at = new Map();
      const best = new Float32Array(count);
      let pagesOf = 0;
      for (const [entry, worth] of word.entries) {
        const told = numbers(entry.fields[1] || "");
        for (let at = 0, unit = 0; at < told.length; at++) {
          unit = told[at];
          word.sections.set(unit >> 1, Math.max(word.sections.get(unit >> 1) || 0, worth * (unit & 1 ? 0.6 : 1)));
        }
        for (const [field, weight] of [[0, 10], [2, 3], [3, 1]]) {
          const { pages, units } = places(entry, field);
          if (worth > 0.8) pagesOf = Math.max(pagesOf, pages.length);
          pages.forEach((page, at) => {
            const value = worth * weight * (field ? 1 : 0.6 + 0.4 / (units ? units[at] : 3));
            if (value > best[page]) best[page] = value;
            if (field && units) {
              const key = page * 65536 + units[at];
              word.at.set(key, Math.max(word.at.get(key) || 0, value));
            }
          });
        }
      }
      word.rare = (word.small ? 0.2 : 0.5) + Math.log(1 + count / (1 + pagesOf)) / Math.log(2 + count);
      const section = 2.5 * Math.max(0, ...word.sections.values());
      for (let page = 0; page < count; page++) {
        const value = Math.max(best[page], page < root.services ? section : 0);
        if (value) { score[page] += value * word.rare; hits[page] += word.small ? 0 : 1; }
      }
      for (const [key, value] of word.at) seen.set(key, (seen.get(key) || 0) + value * word.rare);
    }
    const together = new Map();
    for (const [key, value] of seen) { const page = Math.floor(key / 65536); together.set(page, Math.max(together.get(page) || 0, value)); }
    for (const [page, value] of together) score[page] += value;
    for (const { entry, weight } of wholes) {
      for (const field of [0, 2, 3]) for (const page of places(entry, field).pages) score[page] += weight * (field ? 1 : 2);
    }
    const asked = words.filter((word) => !word.small).length;
    const list = [];
    for (let page = 0; page < count; page++) {
      if (among && !among.every((pages) => pages.has(page))) continue;
      if (!words.length) { if (among) list.push({ page, score: 1, all: true }); continue; }
      if (score[page]) list.push({ page, score: score[page] * ((1 + hits[page]) / (1 + asked)) ** 3, all: hits[page] >= asked });
    }
    return list.sort((a, b) => b.score - a.score || a.page - b.page);
  };

  // The places of a page that answer, best first.
  const judge = (page, [name, aliases, href, kind, tier, owners, service, states, note, told], words, wholes, only) => {
    const named = [];
    for (const text of [name, ...aliases]) split(text, (term) => named.push(term));
    const size = new Set(named.filter((term) => term[0] !== "=")).size;
    for (const text of [name, ...aliases]) named.push(fold(text.replace(/[^\p{Alphabetic}\p{N}\u0300-\u036f]/gu, "")));
    const with_ = [];
    for (const [, text] of owners) split(text, (term) => with_.push(term));
    const worth = (word, list) => list.reduce((most, term) => Math.max(most, word.terms.get(term) || 0), 0);
    const byName = words.map((word) => worth(word, named));
    const byPage = words.map((word, at) => Math.max(byName[at] * 10 * (0.6 + 0.4 / Math.max(1, size)), 3 * worth(word, with_), word.at.get(page * 65536) || 0));
    const exact = wholes.reduce((sum, { entry, weight }) => sum + (named.includes(entry.term) ? 2 * weight : 0), 0);
    const units = told.map(([section, anchor, heading, state, text], at) => ({ section, anchor, heading, state, text, at }));
    const has = new Set(units.filter(({ anchor }) => !anchor).map(({ section }) => section));
    [...states].forEach((state, section) => { if (!has.has(section)) units.push({ section, anchor: "", heading: "", state, text: "", at: -1 }); });
    const asked = words.filter((word) => !word.small).length;
    const results = [];
    for (const unit of units) {
      if (only.section && (unit.section < 0 || root.sections[unit.section][0] !== only.section)) continue;
      if (only.state && unit.state !== only.state) continue;
      const heading = [], text = [];
      split(unit.heading, (term) => heading.push(term));
      split(unit.text, (term) => text.push(term));
      let score = 0, own = 0, hit = 0;
      words.forEach((word, at) => {
        const title = unit.section >= 0 && word.sections.get(unit.section) || 0;
        const there = byName[at] >= 0.5 && unit.at >= 0 && !title ? worth(word, heading) * 3 : Math.max(2.5 * title, 3 * worth(word, heading), worth(word, text), unit.at > 0 && word.at.get(page * 65536 + unit.at) || 0);
        const many = there && !byName[at] ? Math.min(3, text.filter((term) => word.terms.get(term) === 1).length) / 10 : 0;
        own += (there + many) * word.rare;
        score += byPage[at] * word.rare;
        if (!word.small && (there || byPage[at])) hit++;
      });
      let bonus = exact;
      if (wholes.length) {
        for (const { entry, weight } of wholes) if (text.includes(entry.term) || heading.includes(entry.term)) bonus += weight;
      }
      if (unit.section >= 0 && own) {
        let all = 0, fit = 0;
        split(root.sections[unit.section][1], (term, _, __, whole) => { if (!whole && !root.small.has(term)) { all++; if (words.some((word) => word.terms.get(term) > 0.5)) fit++; } });
        own *= 1 + 0.5 * fit / Math.max(1, all);
      }
      if (!own && !bonus && unit.at !== 0 && !(only.section || only.state)) continue;
      const state = root.signs[unit.state];
      const worthIt = !state ? 1 : { covered: 1, partial: 0.97, gap: 0.95, unwritten: 0.7, missing: 0.65 }[state[1]];
      const total = (score + own * worthIt + bonus) * ((1 + hit) / (1 + asked)) ** 3 * ({ service: 1, alert: 1 }[kind] || 0.8);
      if (total || !words.length) results.push({ ...unit, score: total || 1 / (2 + unit.at), name, kind, href, tier, owners, service, note });
    }
    return results.sort((a, b) => b.score - a.score || a.at - b.at);
  };

  // A query's answer: groups of results, a service each.
  const answer = async (query, only, most) => {
    await ready();
    const asked = [], joined = new Set();
    split(query, (term, at, length, whole) => { if (whole) joined.add(term); else if (!asked.some(([word]) => word === term)) asked.push([term, at + length === query.length]); });
    const squashed = fold(query.replace(/[^\p{Alphabetic}\p{N}\u0300-\u036f]/gu, ""));
    if (asked.length > 1 || joined.size) joined.add(squashed);
    const facets = Object.entries(only).filter(([facet, value]) => value && facet !== "section");
    const [sets, wholes] = await Promise.all([
      Promise.all(facets.map(async ([facet, value]) => { const entry = await exactly(`@${facet}:${value}`); return new Set(entry ? places(entry, 3).pages : []); })),
      Promise.all([...joined].map(async (term) => ({ entry: await exactly(term), weight: 6 }))).then((all) => all.filter(({ entry }) => entry)),
    ]);
    if (only.section) sets.push({ has: (page) => page < root.services });
    const look = (mend) => Promise.all(asked.slice(0, 8).map(([word, typing]) => lookUp(word, typing, mend)));
    let words = await look(false);
    if (words.some((word) => !word.small)) words.forEach((word) => { if (word.small && !word.entries.length) word.drop = true; });
    words = words.filter((word) => !word.drop);
    let pages = weigh(words, wholes, sets.length ? sets : null);
    if (words.length && !(pages[0] && pages[0].all)) {
      words = (await look(true)).filter((word) => !word.small || word.entries.length);
      pages = weigh(words, wholes, sets.length ? sets : null);
    }
    const chosen = pages.slice(0, most);
    const data = await Promise.all(chosen.map(async ({ page }) => {
      const rest = page - root.services;
      const at = rest < 0 ? page : root.services + Math.floor(rest / root.together);
      return (await file("d" + at, "")).data[rest < 0 ? 0 : rest % root.together];
    }));
    const groups = new Map();
    data.forEach((it, at) => {
      const list = judge(chosen[at].page, it, words, wholes, only);
      const key = it[6] ? it[6][0] : it[2];
      const group = groups.get(key) || { title: it[6] ? it[6][1] : it[0], service: it[6], tier: it[4], owners: it[5], results: [] };
      group.results.push(...list);
      groups.set(key, group);
    });
    const ordered = [...groups.values()].filter(({ results }) => results.length);
    for (const group of ordered) {
      group.results.sort((a, b) => b.score - a.score);
      group.results = group.results.filter((result, at) => at < 5 && result.score > 0.5 * group.results[0].score);
    }
    ordered.sort((a, b) => b.results[0].score - a.results[0].score);
    return { groups: ordered, words, more: pages.length > most, all: !pages[0] || pages[0].all, asked: asked.length };
  };

  // What a reader sees.
  const make = (tag, name, ...inside) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...inside.filter((one) => one !== ""));
    return element;
  };
  const marked = (text, words) => {
    const spans = [];
    split(text, (term, at, length, whole) => {
      const worth = whole ? 0 : Math.max(0, ...words.map((word) => word.terms.get(term) || 0));
      if (worth) spans.push([at, at + length]);
    });
    spans.sort((a, b) => a[0] - b[0]);
    const parts = [];
    let done = 0;
    for (const [from, to] of spans) {
      if (to <= done) continue;
      parts.push(text.slice(done, Math.max(done, from)), make("mark", "", text.slice(Math.max(done, from), to)));
      done = to;
    }
    return [...parts, text.slice(done)];
  };
  // The stretch of a text in which most of the words stand.
  const piece = (text, words) => {
    const long = 190;
    if (text.length <= long) return text;
    const at = [];
    split(text, (term, from) => words.forEach((word, nth) => { if (word.terms.has(term)) at.push([from, nth, word.terms.get(term)]); }));
    let start = 0, most = 0;
    for (const [from] of at.slice(0, 200)) {
      const inside = at.filter(([other]) => other >= from && other < from + long - 30);
      const value = words.reduce((sum, _, nth) => sum + Math.max(0, ...inside.filter((one) => one[1] === nth).map((one) => one[2])), 0);
      if (value > most) { most = value; start = from; }
    }
    start = start < 60 ? 0 : text.indexOf(" ", start - 40) + 1;
    const end = text.length - start <= long ? text.length : Math.max(start + 100, text.lastIndexOf(" ", start + long));
    return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
  };
  const home = () => new URL(base).pathname;
  const recent = () => {
    try { return JSON.parse(localStorage.getItem("recent " + home())) || []; } catch (_) { return []; }
  };
  const visit = () => {
    const path = location.href.slice(base.length).split(/[?#]/)[0];
    const title = document.querySelector("h1");
    if (!title || !location.href.startsWith(base) || /^(search\/)?(index\.html)?$|^404/.test(path)) return;
    const list = [[title.textContent, path], ...recent().filter(([, other]) => other !== path)].slice(0, 8);
    try { localStorage.setItem("recent " + home(), JSON.stringify(list)); } catch (_) { /* a browser that keeps nothing has no recent pages */ }
  };
  visit();

  const facets = { kind: "Kind", tier: "Tier", owner: "Owner", service: "Service", section: "Section", state: "State" };
  const count = (many, one) => `${many} ${one}${many === 1 ? "" : "s"}`;

  const fill = (host, onPage) => {
    const input = make("input");
    const chips = make("div", "chips");
    const told = make("p", "told");
    const list = make("div", "found-there");
    const set = (element, all) => Object.entries(all).forEach(([key, value]) => element.setAttribute(key, value));
    set(input, { type: "search", role: "combobox", placeholder: "Alert, service, error, command …", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "go", "aria-label": "Search", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "found-there" });
    set(list, { role: "listbox", id: "found-there", "aria-label": "Results" });
    set(told, { role: "status", "aria-live": "polite" });
    set(chips, { role: "group", "aria-label": "Filters" });
    const ask = make("div", "ask", input);
    if (!onPage) {
      const close = make("button", "", "Close");
      close.type = "button";
      close.addEventListener("click", () => host.close());
      ask.append(close);
    }
    host.append(ask, chips, told, list);

    let only = {}, names = {}, most = fewest, turn = 0, active = null, timer = 0;
    const options = () => [...list.querySelectorAll("[role=option]")];
    const choose = (option) => {
      if (active) active.setAttribute("aria-selected", "false");
      active = option || null;
      if (active) { active.setAttribute("aria-selected", "true"); active.scrollIntoView({ block: "nearest" }); set(input, { "aria-activedescendant": active.id }); }
      else input.removeAttribute("aria-activedescendant");
    };
    const option = (address, ...inside) => {
      const link = make("a", "", ...inside);
      link.href = base + address;
      set(link, { role: "option", id: "option-" + list.querySelectorAll("[role=option]").length, "aria-selected": "false", tabindex: "-1" });
      return link;
    };
    const groupOf = (title, beside) => {
      const group = make("div", "group"), head = make("p", "", title, " ", make("small", "", beside));
      head.id = "group-" + list.children.length;
      set(group, { role: "group", "aria-labelledby": head.id });
      group.append(head);
      list.append(group);
      return group;
    };
    const button = (text, act) => {
      const it = make("button", "", text);
      it.type = "button";
      it.addEventListener("click", act);
      return it;
    };
    const address = () => {
      const all = new URLSearchParams();
      if (input.value) all.set("q", input.value);
      for (const [facet, value] of Object.entries(only)) if (value) all.set(facet, value);
      return all.toString();
    };
    const filters = (groups) => {
      const found = {};
      const add = (facet, value, text) => {
        if (!value) return;
        const key = facet + ":" + value;
        found[key] = found[key] || { facet, value: String(value), text, many: 0 };
        found[key].many++;
      };
      for (const [facet, value] of Object.entries(only)) if (value) add(facet, value, names[facet + value] || value);
      for (const { service, results } of groups) {
        if (service && groups.length > 1) add("service", service[0], service[1]);
        for (const result of results) {
          add("kind", result.kind, result.kind);
          add("tier", result.tier, "tier " + result.tier);
          for (const [id, name] of result.owners) add("owner", id, name);
          if (result.section >= 0) add("section", ...root.sections[result.section]);
          if (result.state) add("state", result.state, root.signs[result.state][3]);
        }
      }
      chips.replaceChildren();
      for (const facet of Object.keys(facets)) {
        const all = Object.values(found).filter((one) => one.facet === facet).sort((a, b) => b.many - a.many);
        if (all.length < 2 && !only[facet]) continue;
        for (const { value, text } of all.slice(0, 4)) {
          names[facet + value] = text;
          const chip = button(text, () => { only = { ...only, [facet]: only[facet] === value ? "" : value }; run(true); input.focus(); });
          set(chip, { "aria-pressed": String(only[facet] === value), title: facets[facet] });
          if (only[facet] === value) chips.prepend(chip); else if (!only[facet]) chips.append(chip);
        }
      }
    };
    const lists = () => {
      const links = [["services/", "Services"], ["alerts/", "Alerts"], ["sections/", "Sections"], ["gaps/", "Gaps"]];
      const there = links.filter(([path]) => document.querySelector(`a[href$="${path}index.html"]`));
      return make("p", "", "All there is: ", ...there.flatMap(([path, name], at) => { const link = make("a", "", name); link.href = base + path + "index.html"; return at ? [", ", link] : [link]; }), ".");
    };
    const idle = () => {
      list.replaceChildren();
      chips.replaceChildren();
      const pages = recent().filter((one) => Array.isArray(one) && one.every((text) => typeof text === "string"));
      told.textContent = pages.length ? "" : "Type a service, an alert, an error or a command.";
      if (pages.length) { const group = groupOf("Recent pages", ""); for (const [title, path] of pages) group.append(option(path, title)); }
      set(input, { "aria-expanded": String(pages.length > 0) });
      choose(null);
    };
    const nothing = (words) => {
      list.replaceChildren();
      const unknown = words.filter((word) => !word.entries.length).map(({ word }) => `“${word}”`);
      told.textContent = "Nothing found.";
      list.append(make("p", "", unknown.length ? `${unknown.join(", ")} stands nowhere in what was collected.` : "Each word stands somewhere, but no page fits."));
      if (Object.values(only).some(Boolean)) list.append(button("Search without filters", () => { only = {}; run(true); input.focus(); }));
      list.append(make("p", "", "Half a name is enough, and so is a number out of an error. Another word may be the author's."), lists());
    };
    const show = ({ groups, words, more, all }) => {
      list.replaceChildren();
      let many = 0;
      for (const { title, service, tier, owners, results } of groups) {
        const group = groupOf(title, [service && tier ? "tier " + tier : "", service ? owners.map(([, name]) => name).join(", ") : ""].filter(Boolean).join(" · "));
        for (const result of results) {
          const { section, anchor, heading, state, text, at, name, kind, href, note } = result;
          const own = section >= 0 ? root.sections[section] : null;
          const says = at === 0 ? name : [kind === "service" ? "" : name, own && own[1], heading && !(own && heading === own[1]) ? heading : ""].filter(Boolean).join(" › ");
          const sign = root.signs[state];
          const line = make("b", "", ...marked(says || name, words));
          const link = option(href + (anchor || (own && own[0]) ? "#" + encodeURIComponent(anchor || own[0]) : ""), line, " ");
          if (sign) { const glyph = make("span", "", sign[2]); glyph.ariaHidden = "true"; link.append(make("span", "badge " + sign[1], glyph, " " + sign[3])); }
          if (at === 0) link.append(make("span", "tag", note || kind));
          if (text) link.append(make("span", "words", ...marked(piece(text, words), words)));
          group.append(link);
          many++;
        }
      }
      const lost = words.filter((word) => !word.entries.length).map(({ word }) => `“${word}”`);
      const meant = words.filter((word) => word.meant).map((word) => `“${word.meant}” for “${word.word}”`);
      told.textContent = `${count(many, "result")} in ${count(groups.length, "group")}${more ? ", and more" : ""}.` + (meant.length ? ` Taken: ${meant.join(", ")}.` : "") + (lost.length ? ` ${lost.join(", ")} stands nowhere.` : all ? "" : " No page has all the words.");
      const foot = make("p", "");
      if (more) foot.append(button("More results", () => { most += fewest; run(false); input.focus(); }), " ");
      if (!onPage) { const link = make("a", "", "Open as a page"); link.href = base + "search/index.html?" + address(); foot.append(link); }
      list.append(foot);
      set(input, { "aria-expanded": "true" });
      choose(options()[0]);
    };
    const run = async (fresh) => {
      if (fresh) most = fewest;
      const mine = ++turn;
      if (onPage) { try { history.replaceState(null, "", location.pathname + (address() ? "?" + address() : "")); } catch (_) { /* the address stays as it is */ } }
      if (!input.value.trim() && !Object.values(only).some(Boolean)) return idle();
      try {
        const found = await answer(input.value.trim(), only, most);
        if (mine !== turn) return;
        filters(found.groups);
        if (found.groups.length) show(found); else nothing(found.words);
      } catch (error) {
        if (mine !== turn) return;
        // Published anew while this page was open: begin again with the new files, once.
        if (error.message === "stale" && !again) { again = "?" + Date.now(); files = new Map(); root = null; return run(fresh); }
        list.replaceChildren(lists());
        told.textContent = "The search's files cannot be read here. Reload the page, or use the lists.";
      }
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(run, 60, true); });
    input.addEventListener("keydown", (event) => {
      const all = options(), at = all.indexOf(active);
      if (event.key === "ArrowDown") choose(all[Math.min(at + 1, all.length - 1)]);
      else if (event.key === "ArrowUp") choose(all[Math.max(at - 1, 0)]);
      else if (event.key === "Enter" && active) active.click();
      else if (event.key === "Escape" && onPage) { input.value = ""; only = {}; run(true); }
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousemove", (event) => { const over = event.target.closest("[role=option]"); if (over && over !== active) choose(over); });
    if (!onPage) list.addEventListener("click", (event) => { if (event.target.closest("a")) host.close(); });
    if (onPage) {
      const given = new URLSearchParams(location.search);
      input.value = given.get("q") || "";
      for (const facet of Object.keys(facets)) only[facet] = given.get(facet) || "";
    }
    run(true);
    return () => { input.select(); input.focus(); if (!input.value) idle(); };
  };

  const page = document.querySelector("[data-search]");
  let wake = page && fill(page, true), dialog = null;
  if (page) wake();
  const open = () => {
    if (!page && !dialog) {
      dialog = make("dialog", "search");
      dialog.setAttribute("aria-label", "Search");
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
      document.body.append(dialog);
      wake = fill(dialog, false);
    }
    if (dialog && !dialog.open) dialog.showModal();
    wake();
  };
  document.addEventListener("keydown", (event) => {
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, textarea, select, [contenteditable]");
    if (!slash && !(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    open();
  });
  for (const link of document.querySelectorAll(".open-search")) {
    link.addEventListener("click", (event) => { if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return; event.preventDefault(); open(); });
  }
})();
