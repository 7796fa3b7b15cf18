// What was asked for, judged: a requirement, and the level of an element.

// Whether a requirement is asked of a student with these numbers (its `applies_to`).
function isAsked(who, facts) {
  return Object.entries(who ?? {}).every(([column, { min, max, over: above }]) => {
    const value = exact(facts[column]);
    return (min === undefined || !over(exact(min), value)) && (max === undefined || !over(value, exact(max)))
      && (above === undefined || over(value, exact(above)));
  });
}

function judge(kind, settings, facts) {
  const verdict = rules[kind](settings, facts);
  if (isAsked(settings.who, facts)) return verdict;
  return { ...verdict, status: "not_applicable", why: "It is not asked of this student." };
}

// The level that an element attains, and what the next one lacks, from the requirements (id, area,
// element, level) and the set of ids that are met. Above the first, a level asks its own requirements
// and all first-level ones of the area; under the cumulative gate also the element's levels between.
// A level without requirements of its own passes or fails with the next lower.
function attained({ levels, requirements }, area, element, good, gate) {
  const ids = (test) => requirements.filter(test).map((each) => each.id);
  const base = ids((each) => each.area === area && each.level === levels[0]);
  const rungs = [];
  let below = [];
  levels.forEach((level, index) => {
    const own = ids((each) => each.area === area && each.element === element && each.level === level);
    if (index && !own.length) return rungs.push(rungs[index - 1]);
    const asked = !index ? own : gate === "cumulative" ? [...base, ...below, ...own] : [...base, ...own];
    if (index) below = [...below, ...own];
    return rungs.push([...new Set(asked)]);
  });
  const passes = rungs.map((asked) => asked.every((id) => good.has(id)));
  const height = passes.lastIndexOf(true) + 1;
  const next = rungs[height] ?? [];
  return { height, level: levels[height - 1] ?? "", lacks: next.filter((id) => !good.has(id)) };
}

globalThis.casekit = Object.freeze({ judge, attained, exact, decimal, dated });
