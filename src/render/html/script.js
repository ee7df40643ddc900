"use strict";
// Fills the tables of the page. Texts of the report only ever become text nodes.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const HEIGHT = 32; // of a row, as the style has it
  const SPARE = 8; // rows drawn beyond those in sight
  const GRADES = ["error", "warning", "undetermined", "note"];
  const VERDICTS = {
    p: ["✓", "kept", "kept"], f: ["✕", "broken", "error"], u: ["?", "undetermined", "undetermined"],
    i: ["i", "ignored", "quiet"], b: ["=", "known before or unchanged", "quiet"], "-": ["–", "does not apply", "quiet"],
    " ": ["", "not asked", "quiet"],
  };
  const PLACES = ["account", "region", "stack"];
  const byId = (id) => document.getElementById(id);

  const make = (name, properties = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key === "class") element.className = value;
      else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  // Names in backticks become code.
  const prose = (text) => text.split("`").map((part, index, all) =>
    index % 2 === 0 ? part : index === all.length - 1 ? `\`${part}` : make("code", {}, part));

  // A table that draws only the rows in sight: its body is padded to the height of all.
  class Rows {
    constructor(holder, label, style, names, draw) {
      this.holder = holder;
      this.draw = draw;
      this.items = [];
      this.first = -1;
      this.body = make("div", { role: "rowgroup" });
      this.table = make("div", { role: "table", class: `grid ${style}`, "aria-label": label },
        make("div", { role: "rowgroup", class: "names" }, names), this.body);
      holder.append(this.table);
      holder.addEventListener("scroll", () => this.show(false), { passive: true });
      holder.addEventListener("keydown", (event) => this.move(event));
      window.addEventListener("resize", () => this.show(true));
    }
    set(items) {
      this.items = items;
      this.table.setAttribute("aria-rowcount", String(items.length + 1));
      this.holder.scrollTop = 0;
      this.show(true);
    }
    show(anew) {
      const count = Math.ceil(this.holder.clientHeight / HEIGHT) + 2 * SPARE;
      const last = Math.max(0, this.items.length - count);
      const first = Math.min(Math.max(0, Math.floor(this.holder.scrollTop / HEIGHT) - SPARE), last);
      if (!anew && first === this.first) return;
      const focused = this.body.contains(document.activeElement) ? document.activeElement.dataset.index : undefined;
      this.first = first;
      const shown = this.items.slice(first, first + count);
      this.body.style.paddingTop = `${first * HEIGHT}px`;
      this.body.style.paddingBottom = `${(this.items.length - first - shown.length) * HEIGHT}px`;
      this.body.replaceChildren(...shown.map((item, index) => {
        const row = this.draw(item, first + index);
        row.setAttribute("aria-rowindex", String(first + index + 2));
        return row;
      }));
      if (focused !== undefined) this.focus(Number(focused));
    }
    focus(index) {
      const button = this.body.querySelector(`[data-index="${index}"]`);
      if (button) button.focus({ preventScroll: true });
    }
    // The arrows go from row to row, also to those that are not drawn yet.
    move(event) {
      const index = event.target.dataset ? event.target.dataset.index : undefined;
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
      if (index === undefined || !(event.key in steps)) return;
      event.preventDefault();
      const next = Math.min(Math.max(Number(index) + steps[event.key], 0), this.items.length - 1);
      const head = this.table.firstChild.offsetHeight;
      const [top, room] = [next * HEIGHT, this.holder.clientHeight - head];
      if (top < this.holder.scrollTop) this.holder.scrollTop = top;
      else if (top + HEIGHT > this.holder.scrollTop + room) this.holder.scrollTop = top + HEIGHT - room;
      this.show(true);
      this.focus(next);
    }
  }

  const cell = (style, ...children) => make("div", { role: "cell", class: style }, ...children);
  const titled = (element, text) => { element.title = text; return element; };

  // Findings ---------------------------------------------------------------------------------------
  const COLUMNS = [
    ["grade", "Severity", (one) => GRADES.indexOf(one.g)],
    ["message", "Finding", (one) => one.m],
    ["rule", "Rule", (one) => one.r],
    ["subject", "About", (one) => one.s || ""],
    ["place", "Where", (one) => one.p],
  ];
  let sorted = null; // [column, 1 or -1]
  let chosen = null;

  const heads = COLUMNS.map(([key, name], index) => make("div", { role: "columnheader", class: `c-${key}`, "aria-sort": "none" },
    make("button", { type: "button", onclick: () => sort(index) }, name)));
  const findings = new Rows(byId("finding-rows"), "Findings", "finding-grid",
    make("div", { role: "row", class: "row", "aria-rowindex": "1" }, ...heads), (one, index) => {
      const open = titled(make("button", { type: "button", "data-index": index, onclick: () => choose(one) }, one.m), one.m);
      return make("div", { role: "row", class: one === chosen ? "row chosen" : "row" },
        cell(`c-grade ${one.g}`, one.g), cell("c-message", open), titled(cell("c-rule", one.r), one.r),
        titled(cell("c-subject", one.s || "–"), one.s || ""), titled(cell("c-place", one.p), one.p));
    });

  function sort(column) {
    sorted = sorted && sorted[0] === column ? [column, -sorted[1]] : [column, 1];
    heads.forEach((head, index) => head.setAttribute("aria-sort",
      index !== column ? "none" : sorted[1] > 0 ? "ascending" : "descending"));
    apply();
  }

  function copy(text, button) {
    const done = (word) => { button.textContent = word; setTimeout(() => { button.textContent = "Copy"; }, 1500); };
    const fall = () => {
      const area = make("textarea", { "aria-hidden": "true" });
      area.value = text;
      document.body.append(area);
      area.select();
      const copied = document.execCommand("copy");
      area.remove();
      button.focus();
      done(copied ? "Copied" : "Not copied");
    };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => done("Copied"), fall);
    else fall();
  }

  function choose(one) {
    chosen = one;
    const parts = [make("h3", { tabindex: "-1" }, make("span", { class: one.g }, one.g), " ", ...prose(one.m))];
    const add = (...children) => parts.push(make("p", {}, ...children));
    parts.push(make("p", { class: "quiet" }, make("code", {}, one.r), one.s ? ` · ${one.s}` : "", " · ", make("code", {}, one.p)));
    if (one.b) add(...prose(`Undetermined, because ${one.b}.`));
    if (one.c) add(...prose(`It holds when ${one.c}.`));
    if (one.x.length) {
      const source = make("pre", { class: "source", tabindex: "0", role: "group", "aria-label": "Source" });
      for (const [number, before, marked, behind] of one.x) {
        source.append(make("span", { class: "number" }, number === null ? "" : String(number)), before,
          ...(marked ? [make("mark", {}, marked)] : []), behind, "\n");
      }
      parts.push(source);
    }
    if (one.l) parts.push(make("p", { class: "quiet" }, ...prose(`Marked: ${one.l}`)));
    if (one.h) add(make("strong", {}, "To do: "), ...prose(one.h));
    if (one.t) {
      const button = make("button", { type: "button", onclick: () => copy(one.t, button) }, "Copy");
      parts.push(make("pre", { class: "code", tabindex: "0", role: "group", "aria-label": "What to type" }, make("code", {}, one.t)), button);
    }
    for (const [place, words] of one.o || []) {
      parts.push(make("p", { class: "quiet" }, make("code", {}, place), words ? `, ${words}` : ""));
    }
    if (one.u) add(make("a", { href: one.u }, `About ${one.r}`));
    byId("detail").replaceChildren(...parts);
    byId("detail").scrollTop = 0;
    const mark = byId("detail").querySelector("mark");
    if (mark) mark.parentElement.scrollLeft = mark.offsetLeft - mark.parentElement.offsetLeft - 80;
    findings.show(true);
    parts[0].focus({ preventScroll: false });
  }
  byId("detail").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const index = findings.items.indexOf(chosen);
    if (index >= 0) { findings.show(true); findings.focus(index); }
  });

  // Repositories -----------------------------------------------------------------------------------
  const matrix = new Rows(byId("repository-rows"), "Repositories and rules", "matrix", make("div", { role: "row", class: "row" }),
    (one) => make("div", { role: "row", class: "row" },
      titled(make("div", { role: "rowheader", class: "c-name" }, one.s), [one.s, ...one.w.filter(Boolean)].join(", ")),
      ...columns.map((column) => {
        const [sign, word, style] = VERDICTS[one.v[column]];
        return titled(make("div", { role: "cell", class: `c-verdict ${style}`, "aria-label": word }, sign), `${data.columns[column]}: ${word}`);
      })));
  let columns = [];
  function name(rule) {
    // A rule that applies nowhere would be a column of dashes.
    const applies = (index) => data.repositories.some((one) => one.v[index] !== "-" && one.v[index] !== " ");
    const all = data.columns.map((_, index) => index);
    columns = all.filter((index) => rule ? data.columns[index] === rule : applied[index] ??= applies(index));
    const row = make("div", { role: "row", class: "row", "aria-rowindex": "1" }, make("div", { role: "columnheader", class: "c-name" }, "Repository"),
      ...columns.map((index) => make("div", { role: "columnheader", class: "c-verdict" }, data.columns[index])));
    matrix.table.firstChild.replaceChildren(row);
  }
  const applied = [];

  // Access -----------------------------------------------------------------------------------------
  const AGREE = { yes: ["yes", "kept"], perhaps: ["perhaps", "undetermined"], no: ["no", "quiet"] };
  let looked = null;
  const WHO = ["repository", "who", "group", "push", "pull", "actions", "policy", "why"];
  const access = data.access.r.length === 0 ? null : new Rows(byId("access-rows"), "Who may do what", "access-grid",
    make("div", { role: "row", class: "row", "aria-rowindex": "1" },
      ...["Repository", "Who", "Group", "Push", "Pull", "Actions", "Given by", "Undetermined because"].map((title, index) =>
        make("div", { role: "columnheader", class: `a-${WHO[index]}` }, title))), (one, index) => {
      const [name, , number] = one;
      const given = data.access.g[number];
      const open = titled(make("button", { type: "button", "data-index": index, onclick: () => look(one) }, given.p), given.p);
      const agreed = given.c.map((word, at) => cell(`a-${["push", "pull"][at]} ${AGREE[word][1]}`, AGREE[word][0]));
      const why = (given.b || []).join("; ");
      return make("div", { role: "row", class: one === looked ? "row chosen" : "row" },
        titled(cell("a-repository", name), name), cell("a-who", open),
        titled(cell(`a-group${given.k === "undetermined" ? " undetermined" : ""}`, given.k), given.k), ...agreed,
        titled(cell("a-actions", given.n || "–"), given.n), titled(cell("a-policy", given.i), given.i),
        titled(cell("a-why undetermined", why || "–"), why));
    });

  function look(one) {
    looked = one;
    const [name, places, number, when, statements] = one;
    const given = data.access.g[number];
    const parts = [make("h3", { tabindex: "-1" }, given.p), make("p", { class: "quiet" }, [name, ...places.filter(Boolean)].join(" · "))];
    const add = (word, text) => parts.push(make("p", {}, make("strong", {}, `${word}: `), ...prose(text)));
    if (when) add("When", when);
    add("Group", given.k);
    for (const reason of given.b || []) parts.push(make("p", { class: "undetermined" }, ...prose(`Undetermined, because ${reason}.`)));
    for (const [word, text] of given.d) add(word, text);
    add("Given by", given.i);
    for (const place of statements) parts.push(make("p", { class: "quiet" }, make("code", {}, place)));
    byId("access-detail").replaceChildren(...parts);
    byId("access-detail").scrollTop = 0;
    access.show(true);
    parts[0].focus({ preventScroll: false });
  }
  if (access) {
    byId("access-detail").addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const index = access.items.indexOf(looked);
      if (index >= 0) { access.show(true); access.focus(index); }
    });
  }

  // Filters ----------------------------------------------------------------------------------------
  const fields = ["text", "severity", "rule", ...PLACES].map(byId);
  PLACES.forEach((id, index) => {
    const all = new Set();
    for (const one of [...data.repositories, ...data.findings]) if (one.w[index]) all.add(one.w[index]);
    for (const one of [...data.access.r, ...data.timelines]) if (one[1][index]) all.add(one[1][index]);
    byId(id).append(...[...all].sort().map((value) => make("option", { value }, value)));
    if (!all.size) byId(id).parentElement.hidden = true;
  });
  const words = new WeakMap();
  const text = (one) => {
    let found = words.get(one);
    if (found === undefined) {
      found = [one.m, one.r, one.s, one.p, ...one.w].filter(Boolean).join("\n").toLowerCase();
      words.set(one, found);
    }
    return found;
  };
  const accessWords = new WeakMap();
  const accessText = (one) => {
    let found = accessWords.get(one);
    if (found === undefined) {
      const given = data.access.g[one[2]];
      const details = given.d.map(([, text]) => text);
      found = [one[0], ...one[1], one[3], ...one[4], given.p, given.k, given.i, ...details, ...(given.b || [])].filter(Boolean).join("\n").toLowerCase();
      accessWords.set(one, found);
    }
    return found;
  };
  const key = (one) => JSON.stringify([one.s, one.w]);
  function apply() {
    const [wanted, severity, rule, ...places] = fields.map((field) => field.value);
    const terms = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    const within = (own) => places.every((place, index) => !place || own[index] === place);
    const lies = (one) => within(one.w);
    const says = (one) => terms.every((term) => text(one).includes(term));
    let found = data.findings.filter((one) =>
      (!severity || one.g === severity) && (!rule || one.r === rule) && lies(one) && says(one));
    const about = severity || terms.length ? new Set(found.map(key)) : null;
    if (sorted) {
      const by = COLUMNS[sorted[0]][2];
      const order = (a, b) => { const [x, y] = [by(a), by(b)]; return x < y ? -1 : x > y ? 1 : 0; };
      found = [...found].sort((a, b) => sorted[1] * order(a, b));
    }
    name(rule);
    const repositories = data.repositories.filter((one) =>
      lies(one) && (!about || about.has(key(one)) || (!severity && says(one))));
    findings.set(found);
    matrix.set(repositories);
    byId("shown-findings").textContent = `${found.length} of ${data.findings.length} findings`;
    const share = (all, kept, is) => `${kept.filter(is).length} of ${all.filter(is).length}`;
    const others = data.repositories.some((one) => one.o)
      ? `, ${share(data.repositories, repositories, (one) => one.o)} others` : "";
    byId("shown-repositories").textContent =
      `${share(data.repositories, repositories, (one) => !one.o)} repositories${others}`;
    if (access) {
      const rows = data.access.r.filter((one) => within(one[1]) && terms.every((term) => accessText(one).includes(term)));
      access.set(rows);
      byId("shown-access").textContent = `${rows.length} of ${data.access.r.length} rows`;
    }
    document.querySelectorAll("[data-lifecycle]").forEach((article) => {
      const [name, own] = data.timelines[Number(article.dataset.lifecycle)];
      article.hidden = !within(own) || !terms.every((term) => article.textContent.toLowerCase().includes(term) || name.toLowerCase().includes(term));
    });
  }
  let waiting = 0;
  byId("text").form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  byId("text").form.addEventListener("reset", () => setTimeout(apply, 0));
  byId("text").form.addEventListener("submit", (event) => event.preventDefault());

  document.querySelector(".live").hidden = false;
  document.querySelector(".plain").hidden = true;
  apply();
})();
