// Rules about when: within so many hours or days, and by a day.

// Before the first day of the next school year: for referrals of the last term.
function beforeYear({ ahead, late }, reached) {
  const draw = boxes([["Last term", late], ["Reached", reached], ["Before the year", Number(ahead) >= 1]]);
  if (!late) return { status: "not_applicable", sum: "Received before the last term.", why: "The rule of days holds.", draw };
  const before = Number(ahead) >= 1;
  const when = Number(ahead) < 0 ? `${count(-ahead, "day")} after` : `${count(ahead, "day")} before`;
  return {
    status: !before ? "not_met" : reached ? "met" : "due",
    sum: `${when} the first day of the next school year.`,
    why: before ? "The day before that first day is the last one." : "The year has begun: it is too late.",
    draw,
  };
}

Object.assign(rules, {
  first_contact({ unit, within }, facts) {
    const reached = facts.reached === "yes";
    if (unit !== "school_year" && unit !== "hours" && facts.late) {
      return { status: "not_applicable", sum: "Received in the last term.", why: "Another rule holds: before the next school year.", draw: bar(facts.waited, within, unit) };
    }
    if (unit === "school_year") return beforeYear(facts, reached);
    const late = over(exact(facts.waited), exact(within));
    const [spare, one] = [decimal(minus(exact(within), exact(facts.waited))), unit.slice(0, -1)];
    const why = late ? `${decimal(minus(exact(facts.waited), exact(within)))} ${unit} too late.`
      : Number(spare) === 0 ? `That is the last moment: the limit itself still counts.` : `${count(spare, one)} to spare.`;
    return {
      status: late ? "not_met" : reached ? "met" : "due",
      sum: `${count(Number(facts.waited), one)} since the referral; within ${within}.`,
      why, draw: bar(facts.waited, within, unit),
    };
  },

  annual_meeting({ said }, facts) {
    const meeting = dayOf(facts.meeting);
    const next = meeting + Number(facts.after);
    const deadline = monthsLater(meeting, 12);
    const held = facts.held === "yes";
    const told = byDay(next, deadline, held ? `the next ${said.event}` : "this day");
    return {
      ...told,
      status: told.status === "met" && !held ? "due" : told.status,
      draw: days(deadline, [capital(said.event), meeting], [held ? "The next one" : "This day", next]),
    };
  },

  meeting_before_due({ days_before, said }, facts) {
    const due = dayOf(facts.due);
    const held = due - Number(facts.before);
    const told = byDay(held, due - days_before, `the ${said.meeting}`);
    return { ...told, draw: days(due - days_before, [capital(said.meeting), held], [capital(said.due), due]) };
  },

  meeting_step(settings, facts) {
    const { said, parties, ways, school_days_after: after } = settings;
    const meeting = dayOf(facts.meeting);
    const apart = Number(facts.apart);
    const done = after ? meeting + apart : meeting - apart;
    const deadline = after ? schoolDaysAfter(meeting, after) : monthsLater(meeting, -settings.months_before) - settings.days_before;
    const told = byDay(done, deadline, `the ${said.step}`);
    const asked = ways || Math.max(parties.length, 1);
    const there = parties.length ? parties.filter((party) => facts[party]).length : ways ? Number(facts.ways) : 1;
    const many = asked > 1 || parties.length ? ` ${there} of ${asked} ${ways ? "ways" : "asked"}.` : "";
    const short = there < asked && told.status === "met" ? "In time, but not for all that is asked." : told.why;
    return {
      status: met(told.status === "met" && there >= asked),
      sum: told.sum + many, why: short,
      draw: days(deadline, [capital(said.step), done], [capital(said.meeting), meeting]),
    };
  },

  each_period({ period, school_days_after: later, said }, facts) {
    const name = period.replace("_", " ");
    const first = period === "fortnight" ? monday(dayOf(facts.first)) : dayOf(facts.first);
    const last = period === "fortnight" ? first + 13 : dayOf(facts.last);
    const draw = (day) => days(deadline, [`The ${name} begins`, first], [`The ${name} ends`, last], [capital(said.event), day]);
    const deadline = schoolDaysAfter(last, later);
    const done = first + Number(facts.after);
    if (last < first) return { status: "cannot_tell", sum: `The ${name} ends before it begins.`, why: "Give a later last day.", draw: draw(done) };
    const told = byDay(done, deadline, `the ${said.event}`);
    if (done >= first) return { ...told, draw: draw(done) };
    return { ...told, status: "not_met", why: `It was before the ${name}, which does not count.`, draw: draw(done) };
  },

  plan_before_exit({ said }, facts) {
    const [from, to, first, last] = ["before_first", "before_last", "term_first", "term_last"].map((name) => dayOf(facts[name]));
    const leaves = first + Number(facts.leaves);
    const plan = from + Number(facts.plan);
    // After the term's last day the exit counts as on that day.
    const exit = Math.min(leaves, last);
    const deadline = Math.min(monday(from) + monday(exit) - monday(first) + weekday(exit), to);
    const draw = days(deadline, [capital(said.event), plan], ["The student leaves", leaves]);
    if (!(from <= to && to < first && first <= last)) {
      return { status: "cannot_tell", sum: "The two terms do not follow each other.", why: "Give the days of one term, and of the next.", draw };
    }
    return { ...byDay(plan, deadline, `the ${said.event}`), draw };
  },

  on_weekday({ weekday: wanted, said }, facts) {
    const held = dayOf(facts.held);
    const asked = WEEK.indexOf(wanted);
    const yes = weekday(held) === asked;
    return {
      status: met(yes),
      sum: `${dated(held)} is a ${WEEKDAYS[weekday(held)]}; asked is a ${WEEKDAYS[asked]}.`,
      why: yes ? "It is the right weekday." : `The nearest right day is ${dated(held + ((asked - weekday(held) + 10) % 7) - 3)}.`,
      draw: boxes(WEEKDAYS.map((name, i) => [name.slice(0, 3), i === weekday(held), yes && i === asked])),
    };
  },
});
