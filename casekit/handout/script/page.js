// The page's side: reads the controls of a try-it, shows its verdict, draws it anew in place.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 320; // of a drawing, in its own units
const STATUSES = JSON.parse(document.querySelector("[data-statuses]").dataset.statuses);

function make(name, attributes = {}, text = "") {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = text;
  return node;
}

function drawn(name, attributes, text = "") {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = text;
  return node;
}

// Drawings: each gives its height and its marks. ---------------------------------------------------

const drawings = {
  // A value against its limit. The bar is as long as the value; the line is the limit.
  bar({ value, limit, unit, line }, glyph) {
    const most = Math.max(value, limit * 1.25, 1);
    const at = (number) => 4 + (Math.max(number, 0) / most) * (WIDTH - 28);
    const right = limit > most / 2;
    return [74, [
      drawn("text", { x: at(limit) + (right ? -5 : 5), y: 14, class: "ck-faint", "text-anchor": right ? "end" : "start" }, `${line} ${decimalOf(limit)}`),
      drawn("rect", { x: 4, y: 22, width: WIDTH - 28, height: 22, class: "ck-track" }),
      drawn("rect", { x: 4, y: 22, width: at(value) - 4, height: 22, class: "ck-fill" }),
      drawn("text", { x: at(value) + 4, y: 39, class: "ck-glyph" }, glyph),
      drawn("line", { x1: at(limit), x2: at(limit), y1: 2, y2: 50, class: "ck-limit" }),
      drawn("text", { x: 4, y: 66 }, `${decimalOf(value)} ${unit}`),
    ]];
  },

  // Things that are there, or not; one that is there and does not count has a ring.
  boxes(cells) {
    const short = cells.every(({ words }) => words.length < 8);
    const step = short ? WIDTH / cells.length : 0;
    const marks = cells.flatMap(({ words, on, counts }, i) => {
      const [x, y] = short ? [step * i + 2, 6] : [2, 6 + 30 * i];
      const look = on && counts ? "ck-there" : on ? "ck-ring" : "ck-track";
      return [
        drawn("rect", { x, y, width: 24, height: 24, rx: 4, class: look }),
        drawn("text", { x: x + 12, y: y + 17, class: "ck-on", "text-anchor": "middle" }, on ? (counts ? "✓" : "–") : ""),
        drawn("text", short ? { x, y: y + 42 } : { x: x + 32, y: y + 17 }, words),
      ];
    });
    return [short ? 54 : 10 + 30 * cells.length, marks];
  },

  // Days on one line of time, a lane each; the upright mark is the day by which it is asked.
  days({ limit, marks }) {
    const all = [limit, ...marks.map(([, day]) => day)];
    const [from, to] = [Math.min(...all), Math.max(...all)];
    const at = (day) => 12 + ((day - from) / Math.max(to - from, 1)) * (WIDTH - 24);
    const lanes = marks.flatMap(([words, day], i) => {
      const y = 20 + 42 * i;
      return [
        drawn("text", { x: 2, y }, `${words}: ${dated(day)}`),
        drawn("line", { x1: 4, x2: WIDTH - 4, y1: y + 14, y2: y + 14, class: "ck-track" }),
        drawn("line", { x1: at(limit), x2: at(limit), y1: y + 5, y2: y + 23, class: "ck-limit" }),
        drawn("circle", { cx: at(day), cy: y + 14, r: 7, class: "ck-fill" }),
      ];
    });
    const last = 24 + 42 * marks.length;
    return [last + 8, [
      ...lanes,
      drawn("text", { x: 2, y: last, class: "ck-faint" }, `The upright mark: asked by ${dated(limit)}`),
    ]];
  },

  // The levels as stairs, the highest on top; those attained are filled.
  stairs({ levels, height }) {
    const marks = levels.flatMap((level, i) => {
      const y = 4 + 34 * (levels.length - 1 - i);
      const reached = i < height;
      return [
        drawn("rect", { x: 2, y, width: ((i + 1) / levels.length) * (WIDTH - 4), height: 28, rx: 4, class: reached ? "ck-fill" : "ck-ring" }),
        drawn("text", { x: 10, y: y + 19, class: reached ? "ck-on" : "" }, `${reached ? "✓ " : ""}${level}`),
      ];
    });
    return [34 * levels.length + 4, marks];
  },
};

const decimalOf = (number) => String(Math.round(number * 100) / 100);

function draw(svg, shape, status) {
  const [name, what] = Object.entries(shape)[0];
  const [height, marks] = drawings[name](what, STATUSES[status].glyph);
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  svg.setAttribute("class", `ck-sketch ck-${status}-sketch`);
  svg.replaceChildren(...marks);
}

// A live region speaks when it changes: it is left alone where nothing did.
function say(region, status, words, text) {
  if (region.dataset.said === status + words + text) return;
  region.dataset.said = status + words + text;
  const chip = make("span", { class: `ck-status ck-${status}` });
  chip.append(make("span", { "aria-hidden": "true" }, STATUSES[status].glyph), ` ${words}`);
  region.replaceChildren(chip, ` ${text}`);
}

// The controls. ------------------------------------------------------------------------------------

// What is wrong with a control, as a sentence; empty where nothing is.
function trouble(control) {
  const wrong = control.type !== "checkbox" && (!control.value || !control.validity.valid);
  if (!wrong) {
    control.removeAttribute("aria-invalid");
    return "";
  }
  control.setAttribute("aria-invalid", "true");
  const name = control.dataset.label;
  if (control.type === "date") return `${name}: choose a day.`;
  const whole = control.step === "1" ? "a whole number" : `a number in steps of ${control.step}`;
  return `${name}: write ${whole} from ${control.min} to ${control.max}.`;
}

function factsOf(controls) {
  return Object.fromEntries(controls.map((each) => [each.name, each.type === "checkbox" ? each.checked : each.value]));
}

function startTry(block) {
  const { kind } = block.dataset;
  const settings = JSON.parse(block.dataset.settings);
  const controls = [...block.querySelectorAll("[name]")];
  const [svg, sum, result] = ["svg", ".ck-sum", ".ck-result"].map((each) => block.querySelector(each));
  const show = () => {
    const troubles = controls.map(trouble).filter(Boolean);
    if (troubles.length) {
      sum.textContent = "";
      return say(result, "cannot_tell", STATUSES.cannot_tell.word, troubles[0]);
    }
    const verdict = judge(kind, settings, factsOf(controls));
    draw(svg, verdict.draw, verdict.status);
    sum.textContent = verdict.sum;
    return say(result, verdict.status, STATUSES[verdict.status].word, verdict.why);
  };
  block.addEventListener("input", ({ target }) => {
    const twin = target.closest(".ck-slid")?.querySelector(target.type === "range" ? "[type=number]" : "[type=range]");
    if (twin) twin.value = target.value;
    show();
  });
  show();
}

// Levels. ------------------------------------------------------------------------------------------

function startLevels(block) {
  const about = JSON.parse(block.dataset.levels);
  const elements = [...new Map(about.requirements.map((each) => [`${each.area}\n${each.element}`, each])).values()];
  const titles = new Map(about.requirements.map(({ id, title }) => [id, title]));
  const good = new Set(about.requirements.filter(({ level }) => level === about.levels[0]).map(({ id }) => id));
  const [choice, rows, svg, result, other, lacks] = ["select", ".ck-rows", "svg", ".ck-result", ".ck-other", ".ck-lacks"]
    .map((each) => block.querySelector(each));
  elements.forEach(({ area, element }, i) => choice.append(make("option", { value: i }, area === element ? element : `${area}: ${element}`)));

  const boxesOf = (legend, requirements) => {
    const group = make("fieldset", { class: "ck-group" });
    group.append(make("legend", {}, legend));
    for (const { id, title } of requirements) {
      const label = make("label", { class: "ck-tick" });
      const box = make("input", { type: "checkbox", "data-id": id });
      box.checked = good.has(id);
      label.append(box, ` ${title}`);
      group.append(label);
    }
    return requirements.length ? [group] : [];
  };

  const list = () => {
    const { area, element } = elements[choice.value];
    const own = about.requirements.filter((each) => each.area === area && each.element === element);
    const base = about.requirements.filter((each) => each.area === area && each.element !== element && each.level === about.levels[0]);
    rows.replaceChildren(
      ...about.levels.flatMap((level) => boxesOf(`${capital(level)}: this element`, own.filter((each) => each.level === level))),
      ...boxesOf(`${capital(about.levels[0])}: the other elements of ${area}`, base),
    );
  };

  const show = () => {
    const { area, element } = elements[choice.value];
    const [told, otherwise] = about.gates.map((gate) => attained(about, area, element, good, gate));
    const status = told.height ? "met" : "not_met";
    const next = about.levels[told.height];
    draw(svg, { stairs: { levels: about.levels, height: told.height } }, status);
    const asks = told.lacks.length === 1 ? "one requirement" : `${told.lacks.length} requirements`;
    say(result, status, told.level || `below ${about.levels[0]}`, next ? `${capital(asks)} still missing for ${next}.` : "That is the highest level.");
    lacks.replaceChildren(...told.lacks.map((id) => make("li", {}, titles.get(id))));
    other.textContent = otherwise.height === told.height
      ? `The ${about.gates[1]} gate gives the same level.`
      : `The ${about.gates[1]} gate gives another level: ${otherwise.level || `below ${about.levels[0]}`}.`;
  };

  choice.addEventListener("input", () => { list(); show(); });
  rows.addEventListener("input", ({ target }) => {
    if (target.checked) good.add(target.dataset.id);
    else good.delete(target.dataset.id);
    show();
  });
  list();
  show();
}

document.querySelector(".ck-no-script").remove();
document.querySelectorAll("[data-kind]").forEach(startTry);
document.querySelectorAll("[data-levels]").forEach(startLevels);
