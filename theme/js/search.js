"use strict";
// Search. The files of search/ are loaded as scripts, which works from a disk too; src/render/search/ says what is in
// them. Whatever comes from there goes into the page as text, never as markup.
(() => {
  const base = new URL("../", document.currentScript.src).href;
  const { max, min, log } = Math;

  // Files, each with a stamp of the site it belongs to.
  let files = {}, root, again = "", told = {};
  self.opsbookSearch = (name, stamp, data) => { told[name] = { stamp, data }; };
  // A served site has changed: its files are fetched anew, once somebody searches.
  document.addEventListener("opsbook:built", () => { again = Date.now(); files = {}; root = null; });
  const load = (name, version) => files[name] ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = base + "search/" + name + ".js?" + version;
    script.onload = () => done(told[name]);
    script.onerror = () => { delete files[name]; fail(Error(name)); };
    document.head.append(script);
  });
  const file = async (name, stamp = "") => {
    const it = await load(name, root.stamp);
    if (it.stamp !== root.stamp + stamp) throw Error("stale");
    return it;
  };
  const ready = async () => {
    if (root) return;
    const { stamp, data } = await load("root", again);
    root = { ...data, stamp, starts: data.starts.split(" "), small: new Set(data.small.split(" ")) };
  };

  // Terms of a text, as src/render/search/token.rs has them: calls back with each, its place, and whether it is a
  // whole made of others.
  const cjk = "\\u0e00-\\u0e7f\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{2ffff}";
  const letter = "\\p{Alphabetic}\\p{N}\\u0300-\\u036f", joint = "_./:@#%+~=&?$-";
  const unspaced = RegExp(`[${cjk}]`, "u"), scripts = RegExp(`[${cjk}]+|[^${cjk}]+`, "gu");
  const runs = RegExp(`[${letter}${joint}]+`, "gu"), marks = RegExp(`[^${letter}]`, "gu");
  const ends = RegExp(`^[${joint}]+|[${joint}]+$`, "g"), joined = RegExp(`[${joint}]`);
  const fold = (text) => [...text.normalize("NFKD").replace(/([\u0400-\u04ff]\u0306)|[\u0300-\u036f]/g, "$1").normalize("NFC").toLowerCase()].slice(0, 64).join("");
  const squash = (text) => fold(text.replace(marks, ""));
  const split = (text, found) => {
    const word = (part, at) => {
      if (unspaced.test(part)) {
        for (const { 0: run, index } of part.matchAll(scripts)) {
          const all = [...run];
          if (all.length < 3 || !unspaced.test(run)) found(fold(run), at + index, run.length);
          else for (let i = 1; i < all.length; i++) found(fold(all[i - 1] + all[i]), at + index + i - 1, 2);
        }
        return;
      }
      const humps = /\p{Lu}/u.test(part) ? part.split(/(?<=[^\p{Lu}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u) : [part];
      found(fold(part), at, part.length, humps[1]);
      if (humps[1]) for (const hump of humps) { found(fold(hump), at, hump.length); at += hump.length; }
    };
    for (const { 0: run, index } of text.matchAll(runs)) {
      const name = run.replace(ends, ""), start = name ? run.indexOf(name) : 0;
      if (!name) continue;
      const named = run.slice(0, start).match(/-{0,2}$/)[0] + name, at = index + start;
      const whole = (text, at) => { if (joined.test(text) && text.length <= 64) found("=" + fold(text), at, text.length, true); };
      whole(named, at + name.length - named.length);
      for (const piece of name.matchAll(/[^/:@#%+~=&?$]+/g)) {
        const bare = piece[0].replace(ends, "");
        if (bare !== named) whole(bare, at + piece.index + piece[0].indexOf(bare));
        for (const part of piece[0].matchAll(/[^-_.]+/g)) word(part[0], at + piece.index + part.index);
      }
    }
  };
  const terms = (text) => { const all = []; split(text, (term) => all.push(term)); return all; };

  // Entries of the index, as src/render/search/pack.rs has them.
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", digit = {};
  [...digits].forEach((text, value) => { digit[text] = value; });
  const numbers = (text) => {
    const all = [];
    let number = 0, shift = 0;
    for (const one of text) {
      number += (digit[one] & 31) << shift;
      shift += 5;
      if (digit[one] < 32) { all.push(number); number = shift = 0; }
    }
    return all;
  };
  const entries = async (name, stamp) => {
    const it = await file(name, " " + stamp);
    let before = [];
    const grown = (text) => before.slice(0, digit[text[0]]).join("") + text.slice(1);
    return it.entries ??= it.data.split("|").filter(Boolean).map((entry) => {
      const [head, ...fields] = entry.split(" "), term = grown(head);
      before = [...term];
      return { term, fields, forms: (fields[4] || "").split(",").filter(Boolean).map(grown) };
    });
  };
  const between = async (from, to, most) => {
    let low = 0, high = root.starts.length;
    while (high - low > 1) { const mid = (low + high) >> 1; if (root.starts[mid] <= from) low = mid; else high = mid; }
    const at = [low];
    while (at.length < most && root.starts[++low] < to) at.push(low);
    const lists = await Promise.all(at.map((one) => entries("w" + one, root.starts[one])));
    return lists.flat().filter(({ term }) => term >= from && term < to);
  };
  const starting = (term, most) => between(term, term + "\uffff", most);
  const exactly = async (term) => {
    let hash = 0x811c9dc5;
    for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x1000193);
    const list = "=@".includes(term[0]) ? await entries("n" + (hash >>> 0) % root.names, root.names) : await between(term, term + "\0", 1);
    return list.find((entry) => entry.term === term);
  };
  // Where an entry stands: calls back with each page, and the unit on it where that is told.
  const places = (entry, field, found) => {
    const text = entry.fields[field] || "", rest = text.slice(1);
    let page = 0;
    if (text[0] === "!") [...rest].forEach((six, at) => { for (let bit = 0; bit < 6; bit++) if (digit[six] >> bit & 1) found(at * 6 + bit); });
    else if (text[0] === ".") for (const step of numbers(rest)) found(page += step);
    else numbers(text).forEach((value, at) => { if (at % 2) found(page, value); else page += value; });
  };

  // How many letters differ: of the whole term, and of as much of it as was typed.
  const distance = (typed, term) => {
    let older, last = [...term, 0].map((_, at) => at);
    for (let i = 1; i <= typed.length; i++) {
      const row = [i];
      for (let j = 1; j <= term.length; j++) {
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (typed[i - 1] !== term[j - 1]));
        if (i > 1 && j > 1 && typed[i - 1] === term[j - 2] && typed[i - 2] === term[j - 1]) row[j] = min(row[j], older[j - 2] + 1);
      }
      older = last;
      last = row;
    }
    return [last[term.length], min(...last.slice(typed.length - 1))];
  };
  // What a mistyped word may mean, with how much that is worth. One of its halves is right.
  const meant = async (word) => {
    const near = new Map(), half = min(4, word.length >> 1), most = word.length > 8 ? 2 : 1;
    if (word.length < 4 || /\P{L}/u.test(word) || unspaced.test(word)) return [];
    const look = ({ term }, turned) => {
      const [tail, head] = term.slice(1).split(",");
      if (turned === (head === undefined)) return;
      const text = (head || "") + tail;
      const [whole, part] = text.length < word.length - 2 ? [9, 9] : distance(word, text);
      if (whole <= most) near.set(text, 0.8 - 0.2 * whole);
      else if (part <= most && word.length > 4) near.set(text, 0.45 - 0.1 * part);
    };
    for (const entry of await starting("~" + word.slice(0, half), 2)) look(entry, false);
    if (max(0, ...near.values()) < 0.6) {
      const keys = [half - 1, half, half + 1].map((at) => word.slice(at, at + 4)).filter((key) => key[1]);
      for (const list of await Promise.all(keys.map((key) => starting("~" + key, 1)))) for (const entry of list) look(entry, true);
    }
    return [...near].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length).slice(0, 6);
  };
  // A word of the query with the terms it may stand for.
  const lookUp = async ([word, typing], mend) => {
    const it = { word, terms: new Map(), entries: [], small: root.small.has(word), sections: new Map(), at: new Map() };
    const add = (entry, worth) => { if (entry && !it.terms.has(entry.term)) { it.terms.set(entry.term, worth); it.entries.push([entry, worth]); } };
    const own = await exactly(word);
    add(own, 1);
    if (own) for (const form of await Promise.all(own.forms.map(exactly))) add(form, 0.85);
    if ((typing || !own) && word[1] && !unspaced.test(word)) {
      const longer = (await starting(word, 2)).sort((a, b) => a.term.length - b.term.length);
      for (const entry of longer.slice(0, 60)) add(entry, (own ? 0.6 : 1) * (0.45 + 0.4 * word.length / entry.term.length));
    }
    if (mend || !it.entries[0]) {
      for (const [term, worth] of await meant(word)) {
        const entry = await exactly(term);
        if (entry && !it.entries[0]) it.meant = term;
        add(entry, worth);
      }
    }
    return it;
  };

  // Pages by what the index tells of them: names, headings, texts, and sections, which every service has.
  const weigh = (words, wholes, among) => {
    const count = root.pages, score = new Float32Array(count), hits = new Uint8Array(count), units = new Map(), together = new Map();
    const asked = words.filter((word) => !word.small).length;
    for (const word of words) {
      const best = new Float32Array(count);
      let many = 0;
      for (const [entry, worth] of word.entries) {
        let unit = 0;
        for (const step of numbers(entry.fields[1] || "")) { unit += step; word.sections.set(unit >> 1, max(word.sections.get(unit >> 1) || 0, worth * (unit & 1 ? 0.7 : 1))); }
        for (const [field, weight] of [[0, 10], [2, 3], [3, 1]]) {
          places(entry, field, (page, unit) => {
            const value = worth * weight * (field ? 1 : 0.6 + 0.4 / (unit || 3));
            best[page] = max(best[page], value);
            if (worth > 0.8) many++;
            if (field && unit !== undefined) {
              const key = page * 65536 + unit;
              units.set(key, (units.get(key) || 0) + value);
              if (unit || field < 3) word.at.set(key, max(word.at.get(key) || 0, value));
            }
          });
        }
      }
      word.rare = (word.small ? 0.2 : 0.5) + log(1 + count / (1 + many)) / log(2 + count);
      const section = 2.5 * max(0, ...word.sections.values());
      for (let page = 0; page < count; page++) {
        const value = max(best[page], page < root.services ? section : 0);
        score[page] += value * word.rare;
        if (value && !word.small) hits[page]++;
      }
    }
    for (const [key, value] of units) together.set(key >>> 16, max(together.get(key >>> 16) || 0, value));
    for (const [page, value] of together) score[page] += value;
    for (const entry of wholes) {
      entry.at = new Set();
      for (const field of [0, 2, 3]) places(entry, field, (page, unit) => { score[page] += field ? 6 : 12; if (field) entry.at.add(page * 65536 + unit); });
    }
    const list = [];
    score.forEach((value, page) => {
      if (among.every((pages) => pages.has(page)) && (value || !words[0])) list.push({ page, score: value * 0.3 ** (asked - hits[page]), all: hits[page] >= asked });
    });
    return list.sort((a, b) => b.score - a.score || a.page - b.page);
  };

  // The places of a page that answer.
  const judge = (page, [name, aliases, href, kind, tier, owners, , states, note, texts], words, wholes, only) => {
    const asked = words.filter((word) => !word.small).length;
    const worth = (word, list) => max(0, ...list.map((term) => word.terms.get(term) || 0));
    const named = [];
    for (const text of [name, ...aliases]) split(text, (term, at) => named.push(term, squash(text.slice(at))));
    const teams = owners.flatMap(([, text]) => terms(text));
    const size = 0.6 + 0.4 / max(1, terms(name).filter((term) => term[0] !== "=").length);
    const byName = words.map((word) => worth(word, named));
    const byPage = words.map((word, at) => max(byName[at] * 10 * size, 3 * worth(word, teams), word.at.get(page * 65536) || 0));
    const units = texts.map(([section, anchor, heading, state, text], at) => ({ section, anchor, heading, state, text, at }));
    const has = new Set(units.map(({ anchor, section }) => anchor ? -1 : section));
    [...states].forEach((state, section) => { if (!has.has(section)) units.push({ section, anchor: "", heading: "", state, text: "", at: -1 }); });
    return units.map((unit) => {
      const { section, heading, state, text, at } = unit, title = root.sections[section];
      if (only.section && (!title || title[0] !== only.section) || only.state && state !== only.state) return;
      const head = terms(heading), body = terms(text);
      let score = 0, own = 0, hit = 0;
      words.forEach((word, nth) => {
        const titled = title && word.sections.get(section) || 0;
        let there = max(2.5 * titled, 3 * worth(word, head), worth(word, body), at > 0 && word.at.get(page * 65536 + at) || 0);
        if (byName[nth] >= 0.5 && !titled) there = 0;
        if (there) there += min(3, body.filter((term) => word.terms.get(term) === 1).length) / 10;
        own += there * word.rare;
        score += byPage[nth] * word.rare;
        if (!word.small && (there || byPage[nth])) hit++;
      });
      for (const whole of wholes) {
        if (named.includes(whole.term)) score += 12;
        else if (whole.at.has(page * 65536 + at) || head.includes(whole.term) || body.includes(whole.term)) own += 6;
      }
      if (title && own) {
        const all = terms(title[1]).filter((term) => term[0] !== "=" && !root.small.has(term));
        own *= 1 + 0.5 * all.filter((term) => words.some((word) => word.terms.get(term) > 0.5)).length / all.length;
      }
      if (!own && at && !only.section && !only.state) return;
      own *= { unwritten: 0.7, missing: 0.65, gap: 0.95 }[(root.signs[state] || [])[1]] || 1;
      score = words[0] ? (score + own) * 0.3 ** (asked - hit) * (/service|alert/.test(kind) ? 1 : 0.8) : 1 / (2 + at);
      return score && { ...unit, score, name, kind, href, tier, owners, note };
    }).filter(Boolean);
  };

  // A query's answer: groups of results, a service each; `most` pages are looked into.
  const answer = async (query, only, most) => {
    await ready();
    const asked = new Map(), whole = new Set();
    split(query, (term, at, length, joined) => { if (joined) whole.add(term); else asked.set(term, at + length === query.length); });
    if (asked.size > 1) whole.add(squash(query));
    const filters = Object.entries(only).filter(([facet, value]) => value && facet !== "section");
    const among = await Promise.all(filters.map(async ([facet, value]) => {
      const pages = new Set(), entry = await exactly(`@${facet}:${value}`);
      if (entry) places(entry, 3, (page) => pages.add(page));
      return pages;
    }));
    if (only.section) among.push({ has: (page) => page < root.services });
    const wholes = (await Promise.all([...whole].map(exactly))).filter(Boolean);
    let words, pages;
    for (const mend of [false, true]) {
      words = await Promise.all([...asked].slice(0, 8).map((one) => lookUp(one, mend)));
      const large = words.filter((word) => !word.small || word.entries[0]);
      words = large[0] ? large : words;
      pages = weigh(words, wholes, among);
      if (!words[0] || pages[0] && pages[0].all) break;
    }
    const groups = new Map();
    await Promise.all(pages.slice(0, most).map(async ({ page }) => {
      const rest = page - root.services, step = root.together;
      const it = (await file("d" + (rest < 0 ? page : root.services + Math.floor(rest / step)))).data[max(0, rest) % step];
      const [id, title] = it[6] || [it[2], it[0]];
      if (!groups.has(id)) groups.set(id, { id, title, service: it[6], tier: it[4], owners: it[5], results: [] });
      groups.get(id).results.push(...judge(page, it, words, wholes, only));
    }));
    const ordered = [...groups.values()].filter(({ results }) => results[0]);
    for (const group of ordered) {
      group.results.sort((a, b) => b.score - a.score || a.at - b.at);
      group.results = group.results.filter(({ score }, at) => at < 4 && score > 0.5 * group.results[0].score);
    }
    ordered.sort((a, b) => b.results[0].score - a.results[0].score || (a.id < b.id ? -1 : 1));
    return { groups: ordered, words, more: pages.length > most, all: !pages[0] || pages[0].all };
  };

  // What a reader sees.
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
})();
