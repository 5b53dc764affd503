// What the browser does with the figures of a page: filters them, adds them up, writes them as its
// reader is used to, draws them. Every text goes in as text, never as HTML.
"use strict";
(() => {
  const page = JSON.parse(document.getElementById("page").textContent);
  const locales = navigator.languages?.length ? navigator.languages : undefined;
  const narrow = matchMedia("(max-width: 40rem)");
  const SHOWN = narrow.matches ? 8 : 20;
  const NONE = "–";
  const FILTERS = [["from", "From"], ["to", "To"], ["channel", "Channel"], ["model", "Model"], ["family", "Campaign family"]];
  const COLOURS = 8;

  // ---- numbers, days and times by locale

  const numbers = (options) => new Intl.NumberFormat(locales, options);
  const dates = (options) => new Intl.DateTimeFormat(locales, options);
  const whole = { maximumFractionDigits: 0 };
  const unit = (name) => numbers({ style: "unit", unit: name, unitDisplay: "long", maximumFractionDigits: 1 });
  const currency = (digits) => numbers({ style: "currency", currency: page.currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
  const formats = {
    number: numbers(whole),
    decimal: numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    money: currency(0),
    cents: currency(2),
    percent: numbers({ style: "percent", maximumFractionDigits: 1 }),
    of100: numbers({ style: "unit", unit: "percent", maximumFractionDigits: 1 }),
    points: numbers({ signDisplay: "exceptZero", maximumFractionDigits: 2 }),
    times: numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    days: unit("day"), hours: unit("hour"), minutes: unit("minute"),
  };
  const day = dates({ dateStyle: "medium", timeZone: "UTC" });
  const dayThere = dates({ dateStyle: "medium", timeZone: page.zone });
  const month = dates({ year: "numeric", month: "short", timeZone: "UTC" });
  const monthAlone = dates({ month: "short", timeZone: "UTC" });
  const time = dates({ dateStyle: "medium", timeStyle: "short", timeZone: page.zone });
  const list = new Intl.ListFormat(locales, { type: "conjunction" });

  function said(value, kind) {
    if (value === null || value === undefined) return NONE;
    if (kind === "day" && value.length > 10) return dayThere.format(new Date(value));
    if (kind === "day") return day.format(new Date(`${value}T00:00:00Z`));
    if (kind === "month") return month.format(new Date(`${value.slice(0, 10)}T00:00:00Z`));
    if (kind === "time") return time.format(new Date(value));
    if (kind === "flag") return value ? "yes" : "no";
    if (kind === "state" || kind === "word") return String(value).replaceAll("_", " ");
    return typeof value === "number" && formats[kind] ? formats[kind].format(value) : String(value);
  }

  for (const node of document.querySelectorAll("data[data-kind]")) node.textContent = said(Number(node.value), node.dataset.kind);
  for (const node of document.querySelectorAll("time[data-kind]")) node.textContent = said(node.dateTime, node.dataset.kind);

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== undefined && value !== null) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  // Names of tables and files are long words: they may break behind a sign, and nowhere else.
  const breakable = (text) => text.split(/(?<=[_./])(?=\w)/).flatMap((part, place) => (place ? [element("wbr"), part] : [part]));

  // ---- how old the release is, to whoever looks at it now

  const age = Date.now() - Date.parse(page.as_of);
  if (age > 48 * 3600e3) {
    const stale = document.getElementById("stale");
    stale.textContent = `These figures are as of ${said(page.as_of, "time")}, ${formats.days.format(Math.floor(age / 86400e3))} ago: what came since is not in them.`;
    stale.hidden = false;
  }

  // ---- the filters, which live in the address

  const state = {};
  const readAddress = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const [name] of FILTERS) state[name] = asked.get(name) ?? "";
  };
  const address = () => {
    const kept = new URLSearchParams();
    for (const [name] of FILTERS) if (state[name]) kept.set(name, state[name]);
    return kept.toString();
  };
  const carry = () => {
    const asked = address();
    for (const link of document.querySelectorAll("a[href]")) {
      if (link.classList.contains("skip")) continue;
      const bare = link.getAttribute("href").split("#")[0];
      if (bare.endsWith(".html")) link.setAttribute("href", asked ? `${bare}#${asked}` : bare);
    }
  };

  // ---- figures

  const figures = [...document.querySelectorAll(".figure:has(> script.data)")].map((section) => {
    const spec = JSON.parse(section.querySelector("script.data").textContent);
    const columns = {};
    for (const [key, packed] of Object.entries(spec.data)) {
      columns[key] = Array.isArray(packed) ? packed : packed.places.map((place) => packed.values[place]);
    }
    return { section, spec, columns, sorted: spec.sort ?? null, shown: SHOWN };
  });

  const monthOf = (value) => (value === null ? null : value.slice(0, 7));

  function options(name) {
    const found = new Set();
    for (const { spec, columns } of figures) {
      const key = name === "from" || name === "to" ? spec.filters.date : spec.filters[name];
      if (key) for (const value of columns[key]) if (value !== null) found.add(name === "from" || name === "to" ? monthOf(value) : value);
    }
    return [...found].sort((a, b) => String(a).localeCompare(String(b), locales));
  }

  const controls = {};
  function buildFilters() {
    const form = document.getElementById("filters");
    for (const [name, label] of FILTERS) {
      const values = options(name);
      if (values.length < 2) continue;
      const select = element("select", { name, onchange: () => { state[name] = select.value; go(); } });
      const headline = name === "model" ? page.headline[0] : undefined;
      const all = headline ? `${said(headline, "state")} (headline)` : "All";
      select.append(element("option", { value: "" }, all));
      for (const value of values) {
        if (value === headline) continue;
        const shown = name === "from" || name === "to" ? said(`${value}-01`, "month") : name === "model" ? said(value, "state") : value;
        select.append(element("option", { value }, shown));
      }
      controls[name] = select;
      form.append(element("label", {}, label, select));
    }
    if (!form.children.length) return;
    form.append(element("button", { type: "button", onclick: () => { for (const [name] of FILTERS) state[name] = ""; go(); } }, "Reset"));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
  }

  function go() {
    const asked = address();
    if (asked !== location.hash.slice(1)) history.pushState(null, "", asked ? `#${asked}` : "#");
    draw();
  }

  function setFilter(name, value) {
    if (!controls[name]) return;
    state[name] = state[name] === value ? "" : value;
    go();
  }

  // The rows of a figure that the filters leave, added up where it says so.
  function rowsOf({ spec, columns }) {
    const { filters } = spec;
    const model = state.model || page.headline[0];
    const tests = [];
    if (filters.channel && state.channel) tests.push([columns[filters.channel], (value) => value === state.channel]);
    if (filters.family && state.family) tests.push([columns[filters.family], (value) => value === state.family]);
    if (filters.model && controls.model && !spec.chart.keep_models) tests.push([columns[filters.model], (value) => value === model]);
    if (filters.model && spec.chart.keep_models && state.model) tests.push([columns[filters.model], (value) => value === state.model]);
    if (filters.date && state.from) tests.push([columns[filters.date], (value) => value !== null && monthOf(value) >= state.from]);
    if (filters.date && state.to) tests.push([columns[filters.date], (value) => value !== null && monthOf(value) <= state.to]);
    const left = [];
    for (let place = 0; place < spec.count; place += 1) {
      if (tests.every(([values, holds]) => holds(values[place]))) left.push(place);
    }
    const keys = Object.keys(columns);
    if (!spec.by.length) return left.map((place) => Object.fromEntries(keys.map((key) => [key, columns[key][place]])));
    return addedUp(spec, columns, left);
  }

  function addedUp(spec, columns, left) {
    const groups = new Map();
    for (const place of left) {
      const key = JSON.stringify(spec.by.map((name) => columns[name][place]));
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(place);
    }
    const how = Object.fromEntries(spec.columns.map((column) => [column.key, column.agg]));
    return [...groups.values()].map((places) => {
      const row = {};
      for (const [key, values] of Object.entries(columns)) {
        const known = places.map((place) => values[place]).filter((value) => value !== null);
        if (spec.by.includes(key) || how[key] === "first" || (typeof known[0] === "string" && !how[key])) row[key] = known[0] ?? null;
        else if (!known.length) row[key] = null;
        else if (how[key] === "max") row[key] = known.reduce((a, b) => (b > a ? b : a));
        else if (how[key] === "any" || typeof known[0] === "boolean") row[key] = known.some(Boolean);
        else row[key] = known.reduce((a, b) => a + b, 0);
      }
      for (const { key, over, of } of spec.columns) {
        if (over) row[key] = row[over] === null || !row[of] ? null : row[over] / row[of];
      }
      return row;
    });
  }

  function ordered(rows, sort) {
    if (!sort) return rows;
    const falling = sort.startsWith("-");
    const key = falling ? sort.slice(1) : sort;
    return [...rows].sort((first, second) => {
      const [a, b] = [first[key], second[key]];
      if (a === b) return 0;
      // What is unknown stands last, whichever way the rest goes.
      if (a === null || a === undefined) return 1;
      if (b === null || b === undefined) return -1;
      const order = typeof a === "string" ? a.localeCompare(b, locales, { numeric: true }) : a - b;
      return falling ? -order : order;
    });
  }

  // ---- tables

  const isNumber = (kind) => !["text", "word", "state", "flag", "day", "month", "time"].includes(kind);
  const BAD = new Set(["overdue", "blocked", "late", "refuted", "critical", "escalated", "behind", "failed", "skipped", "done_late", "error", "missed", "contradictory", "dont_use", "cancelled", "approval_escalated", "withdrawn", "worse", "missing"]);
  const GOOD = new Set(["done", "live", "supported", "reached", "closed", "passed", "on_track", "approved", "budget_grade", "ahead", "on time", "better", "published"]);
  const WARN = new Set(["warning", "open", "inconclusive", "pending", "approval_overdue", "corrective_action", "stale_source", "amount_left_out", "waiting", "no_target", "metric_unknown", "directional", "overdue_review", "target_is_where_it_began"]);

  // Of figures that differ in their unit, another column says the kind of each.
  const kindIn = (column, row) => (column.kind_by && row[column.kind_by]) || column.kind;

  function cell(column, row) {
    const { key, link } = column;
    const kind = kindIn(column, row);
    const value = row[key];
    if (value === null || value === undefined) {
      return [element("span", { "aria-hidden": "true" }, NONE), element("span", { class: "hidden" }, "unknown")];
    }
    const text = kind === "times" ? `${said(value, kind)}×` : said(value, kind);
    if (link && row[link]) return [element("a", { href: `${page.root}campaign/${encodeURIComponent(row[link])}.html` }, text)];
    if (kind === "state") {
      const look = BAD.has(value) ? "bad" : GOOD.has(value) ? "good" : WARN.has(value) ? "warn" : "";
      return [element("span", { class: `state ${look}` }, text)];
    }
    return isNumber(kind) ? [text] : breakable(text);
  }

  // A column of sentences needs more room than one of names.
  const SENTENCE = 45;

  function table(figure, rows) {
    const { spec } = figure;
    // The roles are said, since a phone shows rows as cards, which are no table to a browser.
    const head = element("tr", { role: "row" });
    for (const column of spec.columns) {
      const is = figure.sorted === column.key ? "ascending" : figure.sorted === `-${column.key}` ? "descending" : undefined;
      const sort = () => {
        figure.sorted = figure.sorted === `-${column.key}` || (!isNumber(column.kind) && figure.sorted !== column.key) ? column.key : `-${column.key}`;
        redraw(figure);
        figure.section.querySelectorAll("thead button")[spec.columns.indexOf(column)].focus();
      };
      head.append(element("th", { scope: "col", role: "columnheader", class: isNumber(column.kind) && column !== spec.columns[0] ? "right" : "", "aria-sort": is }, element("button", { type: "button", onclick: sort }, column.label)));
    }
    const body = element("tbody", { role: "rowgroup" });
    const shown = rows.slice(0, figure.shown);
    const long = new Set(spec.columns.filter(({ key, kind }) => kind === "text" && shown.some((row) => String(row[key] ?? "").length > SENTENCE)));
    for (const row of shown) {
      const line = element("tr", { role: "row" });
      spec.columns.forEach((column, place) => {
        const look = isNumber(column.kind) && place ? "right" : ["day", "time", "month"].includes(column.kind) ? "when" : ["text", "word"].includes(column.kind) && place ? column.kind : "";
        const room = long.has(column) ? `${look} long`.trim() : look;
        line.append(element(place ? "td" : "th", place ? { role: "cell", class: room, "data-label": column.label } : { scope: "row", role: "rowheader", class: isNumber(column.kind) ? "count" : room }, ...cell(column, row)));
      });
      body.append(line);
    }
    const title = figure.section.querySelector("h2").textContent.trim();
    return element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": `Table: ${title}` },
      element("table", { role: "table" }, element("caption", { class: "hidden" }, title), element("thead", { role: "rowgroup" }, head), body));
  }

  // A cell that a spreadsheet would take for a formula is text there.
  const guarded = (value) => {
    if (value === null || value === undefined) return "";
    if (typeof value !== "string") return String(value);
    const safe = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\n\r;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  function csv(spec, rows) {
    const lines = [spec.columns.map(({ label }) => guarded(label)), ...rows.map((row) => spec.columns.map(({ key }) => guarded(row[key])))];
    return `\ufeff${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
  }

  function download(spec, rows) {
    const url = URL.createObjectURL(new Blob([csv(spec, rows)], { type: "text/csv" }));
    element("a", { href: url, download: `${page.name}-${spec.name}-${page.release}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  function drawTable(figure, rows) {
    const { spec, section } = figure;
    const place = section.querySelector(".rows");
    const open = place.querySelector("details")?.open;
    const tools = element("div", { class: "tools" });
    if (rows.length > figure.shown) {
      tools.append(element("button", { type: "button", onclick: () => { figure.shown = Infinity; redraw(figure); } }, `Show all ${formats.number.format(rows.length)}`));
    }
    if (spec.total > spec.count) tools.append(`${formats.number.format(spec.count)} of ${formats.number.format(spec.total)} rows are in this page.`);
    tools.append(element("button", { type: "button", onclick: () => download(spec, rows) }, "CSV"));
    const parts = rows.length ? [table(figure, rows), tools] : [];
    if (spec.chart.type && rows.length) {
      const details = element("details", {}, element("summary", {}, "Figures as a table"), ...parts);
      details.open = open ?? spec.open;
      place.replaceChildren(details);
    } else place.replaceChildren(...parts);
  }

  // ---- charts

  const style = () => {
    const css = getComputedStyle(document.documentElement);
    const read = (name) => css.getPropertyValue(name).trim();
    return { ink: read("--ink"), soft: read("--soft"), line: read("--line"), card: read("--card"), good: read("--good"), bad: read("--bad"), heat: read("--heat"), colours: Array.from({ length: COLOURS }, (_, place) => read(`--c${place + 1}`)) };
  };
  // Plotly takes angle brackets for its own HTML.
  const literal = (value) => String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const room = () => (narrow.matches ? 20 : 34);
  const short = (value) => { const text = String(value); return literal(text.length > room() ? `${text.slice(0, room() - 1)}…` : text); };
  const DASHES = ["solid", "dash", "dot", "dashdot", "longdash"];
  const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "cross", "x", "star", "triangle-down", "pentagon", "hexagon"];

  const kindOf = (spec, key) => spec.columns.find((column) => column.key === key)?.kind ?? "text";
  const labelOf = (spec, key) => spec.columns.find((column) => column.key === key)?.label ?? key;
  const distinct = (rows, key) => [...new Set(rows.map((row) => row[key]))];

  function layout(look, height, more = {}) {
    const axis = { gridcolor: look.line, zerolinecolor: look.soft, linecolor: look.line, automargin: true, fixedrange: true };
    return {
      height, margin: { l: 8, r: 16, t: 8, b: 36 }, paper_bgcolor: look.card, plot_bgcolor: look.card,
      font: { family: "system-ui, sans-serif", size: 13, color: look.ink }, colorway: look.colours,
      legend: { orientation: "h", y: -0.22, x: 0 }, hoverlabel: { font: { family: "system-ui, sans-serif" } }, dragmode: false,
      ...more, xaxis: { ...axis, ...more.xaxis }, yaxis: { ...axis, ...more.yaxis },
    };
  }

  const tickformat = (kind) => (kind === "percent" ? { tickformat: ".0%" } : {});
  // What an axis of figures counts, and in which unit.
  const axisTitle = (spec, keys, kind) => {
    const named = keys.length === 1 ? labelOf(spec, keys[0]) : "";
    const of = ["money", "cents"].includes(kind) ? page.currency : ["days", "hours", "minutes"].includes(kind) ? kind : "";
    return { title: { text: [named, of].filter(Boolean).join(", "), font: { size: 12 }, standoff: 8 } };
  };

  // Every month from the first to the last: one of which nothing is known is a gap, and no neighbour.
  function monthsBetween(values) {
    const found = [];
    const [first, last] = [values[0], values.at(-1)];
    for (const at = new Date(`${first}T00:00:00Z`); !found.length || found.at(-1) < last; at.setUTCMonth(at.getUTCMonth() + 1)) found.push(at.toISOString().slice(0, 10));
    return found;
  }

  const charts = {
    bar(spec, rows, look) {
      const { label, value, values = [value], low, high, tint, tint_word } = spec.chart;
      const shown = rows.filter((row) => values.some((key) => row[key] !== null)).slice(0, spec.chart.most ?? 20).reverse();
      const kind = kindOf(spec, values[0]);
      const traces = values.map((key, place) => ({
        type: "bar", orientation: "h", name: literal(labelOf(spec, key)), x: shown.map((row) => row[key]), y: shown.map((row) => short(said(row[label], kindOf(spec, label))) + (tint && row[tint] ? ` (${literal(tint_word)})` : "")),
        marker: { color: tint ? shown.map((row) => (row[tint] ? look.bad : look.colours[place])) : look.colours[place] },
        customdata: shown, text: shown.map((row) => literal(said(row[key], kindOf(spec, key)))), textposition: low ? "inside" : "outside", insidetextanchor: "start", insidetextfont: { color: look.card }, cliponaxis: false,
        hovertemplate: "%{y}: %{text}<extra></extra>",
        error_x: low ? { type: "data", symmetric: false, array: shown.map((row) => row[high] - row[key]), arrayminus: shown.map((row) => row[key] - row[low]), color: look.soft } : undefined,
      }));
      const height = 60 + shown.length * (22 + 14 * (values.length - 1)) + (values.length > 1 ? 40 : 0);
      return [traces, layout(look, Math.max(130, height), { bargap: 0.3, showlegend: values.length > 1, xaxis: { showticklabels: false, showgrid: false, ...tickformat(kind), range: undefined }, yaxis: { type: "category", showgrid: false }, margin: { l: 8, r: 76, t: 4, b: values.length > 1 ? 36 : 8 } })];
    },
    line(spec, rows, look) {
      const { x, value, values = [value], series } = spec.chart;
      const kind = kindOf(spec, values[0]);
      const sets = series ? distinct(rows, series).map((name) => [name, rows.filter((row) => row[series] === name), value]) : values.map((key) => [labelOf(spec, key), rows, key]);
      const known = distinct(ordered(rows, x), x);
      const ticks = kindOf(spec, x) === "month" && known.length ? monthsBetween(known) : known;
      const traces = sets.map(([name, own, key], place) => {
        const at = new Map(own.map((row) => [row[x], row]));
        const inOrder = ticks.map((tick) => at.get(tick) ?? { [x]: tick, [key]: null });
        return {
          type: "scatter", mode: "lines+markers", name: literal(said(name, series ? kindOf(spec, series) : "text")), x: inOrder.map((row) => row[x]), y: inOrder.map((row) => row[key]),
          line: { dash: DASHES[place % DASHES.length], width: 2, color: look.colours[place % COLOURS] }, marker: { symbol: SYMBOLS[place % SYMBOLS.length], size: 7 },
          customdata: inOrder.map((row) => [literal(said(row[x], kindOf(spec, x))), literal(said(row[key], kindOf(spec, key)))]), hovertemplate: "%{customdata[0]}: %{customdata[1]}<extra>%{fullData.name}</extra>", connectgaps: false,
        };
      });
      const every = Math.ceil(ticks.length / (narrow.matches ? 4 : 9));
      const few = ticks.filter((_, place) => place % every === 0);
      return [traces, layout(look, 300, { showlegend: traces.length > 1, xaxis: { type: "category", categoryorder: "array", categoryarray: ticks, tickvals: few, ticktext: few.map((value) => said(value, kindOf(spec, x))), showgrid: false }, yaxis: { rangemode: "tozero", ...axisTitle(spec, values, kind), ...tickformat(kind) } })];
    },
    dots(spec, rows, look) {
      const { label, value, series, low, high } = spec.chart;
      const names = distinct(rows, series);
      const labels = distinct(rows, label).slice(0, spec.chart.most ?? 20);
      const kind = kindOf(spec, value);
      const traces = names.map((name, place) => {
        const own = rows.filter((row) => row[series] === name && labels.includes(row[label]));
        return {
          type: "scatter", mode: "markers", name: literal(said(name, kindOf(spec, series))), x: own.map((row) => row[value]), y: own.map((row) => short(row[label])), customdata: own,
          marker: { symbol: SYMBOLS[place % SYMBOLS.length], size: name === page.headline[0] ? 14 : 8, color: look.colours[place % COLOURS], line: { width: 1, color: look.card } },
          text: own.map((row) => literal(said(row[value], kind))), hovertemplate: "%{y}: %{text}<extra>%{fullData.name}</extra>",
          error_x: low && own.some((row) => row[low] !== null) ? { type: "data", symmetric: false, array: own.map((row) => (row[high] === null ? 0 : row[high] - row[value])), arrayminus: own.map((row) => (row[low] === null ? 0 : row[value] - row[low])), color: look.colours[place % COLOURS], thickness: 1 } : undefined,
        };
      });
      return [traces, layout(look, 110 + labels.length * 34, { showlegend: true, xaxis: tickformat(kind), yaxis: { autorange: "reversed" }, legend: { orientation: "h", y: -0.14, x: 0 } })];
    },
    heat(spec, rows, look) {
      const { x, y, value } = spec.chart;
      const across = distinct(ordered(rows, x), x);
      const down = distinct(rows, y);
      const kind = kindOf(spec, value);
      const at = new Map(rows.map((row) => [JSON.stringify([row[x], row[y]]), row[value]]));
      const grid = down.map((one) => across.map((other) => at.get(JSON.stringify([other, one])) ?? null));
      const low = spec.chart.good === "low";
      const scale = [[0, low ? look.card : look.heat], [1, low ? look.heat : look.card]];
      // On a phone a field has room for two or three figures, and none for a sign.
      const brief = (item) => (narrow.matches && kind === "percent" && item !== null ? formats.number.format(100 * item) : said(item, kind));
      const head = (item) => (narrow.matches && kindOf(spec, x) === "month" ? monthAlone.format(new Date(`${item}T00:00:00Z`)) : said(item, kindOf(spec, x)));
      return [[{
        type: "heatmap", x: across, y: down.map((item) => short(said(item, kindOf(spec, y)))), z: grid, xgap: 2, ygap: 2, colorscale: scale,
        zmin: spec.chart.least, zmax: spec.chart.greatest, showscale: false, text: grid.map((line) => line.map((item) => literal(brief(item)))), texttemplate: "%{text}", textfont: { color: look.ink, size: 12 },
        customdata: grid.map((line) => line.map((item, place) => [literal(said(across[place], kindOf(spec, x))), literal(said(item, kind))])), hovertemplate: "%{y}, %{customdata[0]}: %{customdata[1]}<extra></extra>", hoverongaps: false,
      }], layout(look, 80 + down.length * 34, { xaxis: { type: "category", showgrid: false, tickvals: across, ticktext: across.map((item) => literal(head(item))) }, yaxis: { type: "category", autorange: "reversed", showgrid: false, tickfont: { size: narrow.matches ? 11 : 13 } } })];
    },
    sankey(spec, rows, look) {
      const { source, target, value } = spec.chart;
      const nodes = [...new Set(rows.flatMap((row) => [`1${row[source]}`, `2${row[target]}`]))];
      const names = [...new Set(nodes.map((name) => name.slice(1)))];
      const colours = nodes.map((name) => look.colours[names.indexOf(name.slice(1)) % COLOURS]);
      const kind = kindOf(spec, value);
      return [[{
        type: "sankey", node: { label: nodes.map((name) => short(name.slice(1))), pad: 14, thickness: 16, color: colours, line: { width: 0 } },
        link: { source: rows.map((row) => nodes.indexOf(`1${row[source]}`)), target: rows.map((row) => nodes.indexOf(`2${row[target]}`)), value: rows.map((row) => row[value]), color: rows.map((row) => `${colours[nodes.indexOf(`1${row[source]}`)]}55`), customdata: rows.map((row) => literal(said(row[value], kind))), hovertemplate: "%{source.label} → %{target.label}: %{customdata}<extra></extra>" },
      }], layout(look, 380, { margin: { l: 4, r: 4, t: 8, b: 8 } })];
    },
    waterfall(spec, rows, look) {
      const { label, value } = spec.chart;
      const kind = kindOf(spec, value);
      return [[{
        type: "waterfall", x: rows.map((row) => short(said(row[label], kindOf(spec, label)))), y: rows.map((row) => row[value]), measure: rows.map((row, place) => (row.measure ?? (place ? "relative" : "absolute"))),
        text: rows.map((row) => literal(said(row[value], kind))), textposition: "outside", increasing: { marker: { color: look.colours[2] } }, decreasing: { marker: { color: look.colours[1] } }, totals: { marker: { color: look.colours[0] } }, connector: { line: { color: look.soft } }, hovertemplate: "%{x}: %{text}<extra></extra>", cliponaxis: false,
      }], layout(look, 320, { margin: { l: 8, r: 16, t: 28, b: 36 }, xaxis: { type: "category" } })];
    },
  };

  function drawChart(figure, rows) {
    const { spec, section } = figure;
    const place = section.querySelector(".chart");
    if (!place) return;
    // A line of one point is no line; its table says as much.
    const isLine = spec.chart.type === "line" && distinct(rows, spec.chart.x).length < 2;
    place.hidden = !rows.length || isLine || !window.Plotly;
    if (place.hidden) return;
    const [traces, shape] = charts[spec.chart.type](spec, rows, style());
    place.style.minHeight = "";
    Plotly.react(place, traces, shape, { displayModeBar: false, responsive: true, staticPlot: false });
    if (!figure.drawn) {
      figure.drawn = true;
      performance.mark("first-chart");
      place.on("plotly_click", ({ points: [point] }) => drill(figure, point.customdata));
    }
  }

  // The room of a chart that is still to come, so that nothing moves when it does.
  function reserve({ spec, section }, rows, look) {
    const place = section.querySelector(".chart");
    if (place && rows.length) place.style.minHeight = `${charts[spec.chart.type](spec, rows, look)[1].height}px`;
  }

  // A click on a bar or dot leads to its campaign, or keeps what it is of.
  function drill({ spec }, row) {
    if (!row || Array.isArray(row)) return;
    const named = spec.columns.find((column) => column.key === spec.chart.label);
    if (named?.link && row[named.link]) location.href = `${page.root}campaign/${encodeURIComponent(row[named.link])}.html${address() ? `#${address()}` : ""}`;
    for (const name of ["channel", "family"]) if (spec.filters[name] === spec.chart.label) setFilter(name, row[spec.chart.label]);
  }

  // ---- all of it

  function drawFigure(figure) {
    const { spec, section } = figure;
    const rows = ordered(rowsOf(figure), figure.sorted);
    const empty = section.querySelector(".empty");
    // Where the title says it already, once is enough.
    empty.hidden = rows.length > 0 || empty.textContent.trim() === `${section.querySelector("h2").textContent.trim()}.`;
    if (spec.count && !rows.length) { empty.textContent = "Nothing is left by the filters."; empty.hidden = false; }
    const scope = section.querySelector(".scope");
    const asked = FILTERS.filter(([name]) => state[name] && controls[name]);
    const deaf = asked.filter(([name]) => !(name === "from" || name === "to" ? spec.filters.date : spec.filters[name]));
    const heard = asked.length > deaf.length;
    scope.textContent = [heard ? "Filtered; the title is of everything." : "", deaf.length ? `Not filtered by ${list.format(deaf.map(([, label]) => label.toLowerCase()))}.` : ""].join(" ").trim();
    scope.hidden = !scope.textContent;
    drawTable(figure, rows);
    return rows;
  }

  function redraw(figure) {
    drawFigure(figure);
    carry();
  }

  // The library is large: tables and filters are there before it is, charts once it is.
  const library = document.getElementById("library");
  let isWaiting = Boolean(library) && !window.Plotly;
  let drawCharts = () => {};
  for (const end of ["load", "error"]) library?.addEventListener(end, () => { isWaiting = false; drawCharts(); });

  let waiting = 0;
  function draw() {
    const begun = performance.now();
    for (const [name] of FILTERS) {
      if (!controls[name]) continue;
      controls[name].value = state[name];
      // Asked for by another page, and not on this one.
      if (controls[name].value !== state[name]) controls[name].append(element("option", { value: state[name], selected: "" }, state[name]));
    }
    const isFiltered = FILTERS.some(([name]) => state[name] && controls[name]);
    for (const scope of document.querySelectorAll(".of-all")) scope.hidden = !isFiltered;
    waiting += 1;
    const turn = waiting;
    const left = figures.map((figure) => [figure, drawFigure(figure)]);
    carry();
    delete document.documentElement.dataset.drawn;
    drawCharts = () => {
      if (turn !== waiting) return;
      const later = [];
      for (const [figure, rows] of left) {
        const { top, bottom } = figure.section.getBoundingClientRect();
        // What is in sight is drawn at once, the rest as soon as the browser has nothing else to do.
        if (bottom > 0 && top < innerHeight) drawChart(figure, rows);
        else later.push([figure, rows]);
      }
      performance.measure("draw", { start: begun });
      const next = () => {
        if (turn !== waiting || !later.length) {
          if (turn === waiting) document.documentElement.dataset.drawn = "all";
          return;
        }
        drawChart(...later.shift());
        setTimeout(next);
      };
      setTimeout(next);
    };
    if (isWaiting) {
      const look = style();
      for (const [figure, rows] of left) reserve(figure, rows, look);
    } else drawCharts();
    const names = FILTERS.filter(([name]) => state[name] && controls[name]).map(([name, label]) => `${label} ${controls[name].selectedOptions[0]?.textContent ?? state[name]}`);
    document.getElementById("said").textContent = names.length ? `Filtered by ${list.format(names)}` : "";
  }

  const again = () => { readAddress(); draw(); };
  document.documentElement.classList.add("script");
  const button = document.getElementById("menu-button");
  button.addEventListener("click", () => button.setAttribute("aria-expanded", String(document.getElementById("menu").classList.toggle("open"))));
  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); document.getElementById("main").focus(); });
  readAddress();
  buildFilters();
  draw();
  addEventListener("hashchange", again);
  addEventListener("popstate", again);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  addEventListener("beforeprint", () => { for (const details of document.querySelectorAll(".rows details")) details.open = true; });
})();
