"use strict";
// Commands: placeholders asked for once and filled in everywhere, and buttons that copy exactly the command.
const opsbookCommands = () => {
  const blocks = [...document.querySelectorAll("main .md pre > code")];
  const kept = (() => { try { return JSON.parse(sessionStorage.getItem("fill")) || {}; } catch (_) { return {}; } })();
  const shell = new Set("HOME PATH PWD OLDPWD USER SHELL HOSTNAME RANDOM SECONDS LINENO IFS TERM EDITOR LANG TMPDIR UID PIPESTATUS REPLY BASH_SOURCE".split(" "));
  const places = /<([A-Za-z][\w.-]*(?: [\w.-]+){0,3})>|\{\{\s*([A-Za-z][\w.-]*)\s*\}\}|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g;
  const fold = (name) => name.toLowerCase().replace(/[-. ]/g, "_");
  const marks = new Map();

  // What a block itself sets is not asked for.
  const own = (text, name) => new RegExp(`(^|[\\s;(])(export |local |readonly |declare |for |read (-\\w+ )*)?${name}(=| in |\\s*$)`, "m").test(text);
  const found = (code) => {
    const text = code.textContent;
    const markup = /<\/[A-Za-z]/.test(text);
    return [...text.matchAll(places)].filter(([, angle, , braced, plain]) => {
      const name = braced || plain;
      return !(angle && markup) && !(name && (shell.has(name) || own(text, name)));
    });
  };
  const wrap = (code, from, to, key) => {
    const walk = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let at = 0, node = walk.nextNode(); node; at += node.length, node = walk.nextNode()) {
      if (from >= at && from < at + node.length) range.setStart(node, from - at);
      if (to > at && to <= at + node.length) { range.setEnd(node, to - at); break; }
    }
    const mark = document.createElement("mark");
    mark.className = "hole";
    mark.textContent = mark.dataset.as = range.toString();
    range.deleteContents();
    range.insertNode(mark);
    if (!marks.has(key)) marks.set(key, []);
    marks.get(key).push(mark);
  };
  const holes = (code, wanted) => {
    for (const hole of found(code).reverse()) {
      const key = fold(hole[1] || hole[2] || hole[3] || hole[4]);
      if (wanted(key)) wrap(code, hole.index, hole.index + hole[0].length, key);
    }
  };
  for (const code of blocks) holes(code, () => true);
  // Commands in running text ask for nothing of their own.
  for (const code of document.querySelectorAll("main :not(pre) > code")) holes(code, (key) => marks.has(key));
  const fill = (key, value) => {
    for (const mark of marks.get(key) || []) {
      mark.textContent = value || mark.dataset.as;
      mark.classList.toggle("full", Boolean(value));
    }
  };

  const bar = document.querySelector(".fill");
  if (bar && marks.size) {
    const keys = [...marks.keys()].sort((a, b) => marks.get(b).length - marks.get(a).length);
    for (const key of keys) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.spellcheck = false;
      input.autocomplete = "off";
      input.name = key;
      input.value = kept[key] || "";
      input.addEventListener("input", () => {
        fill(key, input.value);
        kept[key] = input.value;
        try { sessionStorage.setItem("fill", JSON.stringify(kept)); } catch (_) { /* asked again on the next page */ }
      });
      label.append(marks.get(key)[0].dataset.as, input);
      bar.querySelector("div").append(label);
      fill(key, input.value);
    }
    bar.hidden = false;
  }

  // The command alone: without prompts, and without what a shell answered to them.
  const command = (code) => {
    const copy = code.cloneNode(true);
    for (const prompt of copy.querySelectorAll(".hp")) prompt.textContent = "\u0001";
    let lines = copy.textContent.replace(/\n$/, "").split("\n");
    const prompt = lines.some((line) => line.includes("\u0001")) ? /^.*\u0001 ?/ : /^\s*\$ /;
    if (lines.some((line) => prompt.test(line))) {
      let open = false;
      lines = lines.filter((line) => { const keep = open || prompt.test(line); open = keep && line.endsWith("\\"); return keep; });
      lines = lines.map((line) => line.replace(prompt, ""));
    }
    return lines.join("\n");
  };
  const copier = (code, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    place(button);
    button.addEventListener("click", async () => {
      const text = command(code);
      try { await navigator.clipboard.writeText(text); } catch (_) {
        const area = Object.assign(document.createElement("textarea"), { value: text });
        button.after(area);
        area.select();
        document.execCommand("copy");
        area.remove();
      }
      const open = code.querySelectorAll(".hole:not(.full)").length;
      button.textContent = open ? `Copied, ${open} left to fill` : "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 2500);
    });
  };
  for (const code of blocks) {
    const box = document.createElement("div");
    box.className = "code";
    code.parentNode.replaceWith(box);
    box.append(code.parentNode);
    copier(code, (button) => box.append(button));
  }
  // In running text a command is what has two words or more.
  for (const code of document.querySelectorAll("main .md :not(pre, a) > code")) {
    if (/\S\s+\S.{3}/.test(code.textContent)) copier(code, (button) => code.after(button));
  }
};
opsbookCommands();
// A served page changes in place.
document.addEventListener("opsbook:swapped", opsbookCommands);
