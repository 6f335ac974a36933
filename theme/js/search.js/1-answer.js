// Search, first part: from a query to its answer. The files of search/ are loaded as scripts, which works from a disk
// too; src/render/search/ says what is in them. build.rs joins the parts in the order of their names into one script.
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
