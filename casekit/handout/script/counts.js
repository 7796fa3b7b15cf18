// Rules about how many: students to staff, contacts, minutes, days covered.

Object.assign(rules, {
  staff_ratio({ per_staff }, facts) {
    const shares = [1, 2, 3].map((n) => [facts[`fte_${n}`], facts[`share_${n}`]]);
    const time = shares.map(([a, b]) => times(exact(a), exact(b))).reduce(plus);
    const students = exact(facts.students);
    const cap = exact(per_staff);
    const sum = `${shares.map(([a, b]) => `${Number(a)} × ${Number(b)}`).join(" + ")} = ${decimal(time, 6)} full-time.`;
    const draw = bar(facts.students, Number(time[0]) / Number(time[1]) * per_staff, "students");
    if (students[0] === 0n) return { status: "not_applicable", sum, why: "Nobody to judge: no student is enrolled.", draw };
    if (time[0] === 0n) {
      const why = "There are students, and nobody has time for case management.";
      return { status: "not_met", sum: `${sum} At most ${per_staff} to one.`, why, draw };
    }
    const ratio = [students[0] * time[1], students[1] * time[0]];
    const room = floor(times(time, cap)) - students[0];
    const spare = minus(time, [students[0] * cap[1], students[1] * cap[0]]);
    const less = spare[0] === 0n ? "any time less" : `more than ${decimal(spare, 4)} of a full-time post less`;
    const why = room >= 0n
      ? `${count(room + 1n, "more student")}, or ${less}, would break it.`
      : `${count(-room, "student")} fewer, or ${decimal([-spare[0], spare[1]], 4)} of a full-time post more, would meet it.`;
    return {
      status: met(!over(students, times(time, cap))),
      sum: `${sum} ${count(facts.students, "student")} ÷ ${decimal(time, 6)} = ${decimal(ratio)} to one; at most ${per_staff}.`,
      why, draw,
    };
  },

  caseload({ at_most }, { students }) {
    const left = at_most - students;
    const why = left >= 0 ? `${count(left + 1, "more student")} would break it.` : `${count(-left, "student")} fewer would meet it.`;
    const nobody = Number(students) === 0;
    return {
      status: nobody ? "not_applicable" : met(left >= 0),
      sum: `${count(students, "student")}; at most ${at_most}.`,
      why: nobody ? "Nobody to judge: the case manager has no students." : why,
      draw: bar(students, at_most, "students"),
    };
  },

  weekly_contact({ open_days, modes, two_way }, facts) {
    const held = WEEK.filter((name) => facts[name]);
    const fits = (!modes.length || modes.includes(facts.mode)) && (!two_way || facts.direction === "two_way");
    const from = Math.max(open_days, 1);
    const asked = Number(facts.open) >= from;
    const why = !asked
      ? "The week has too few open days: it asks nothing."
      : held.length && !fits ? "Contacts made in this way do not count."
        : held.length ? "One contact in the week is enough." : "One contact on any day would meet it.";
    return {
      status: asked ? met(fits && held.length > 0) : "not_applicable",
      sum: `${count(facts.open, "open day")}; a week is asked about from ${from} on. ${count(held.length, "contact")}, of which ${fits ? held.length : 0} count.`,
      why,
      draw: boxes(WEEKDAYS.map((name, i) => [name.slice(0, 3), facts[WEEK[i]], facts[WEEK[i]] && fits])),
    };
  },

  monthly_minutes({ at_least, modes }, { meetings, minutes, mode }) {
    const counts = !modes.length || modes.includes(mode);
    const total = counts ? meetings * minutes : 0;
    const why = !counts ? "Contacts made in this way do not count."
      : total === at_least ? "That is just enough: one minute less would break it."
        : total > at_least ? `${count(total - at_least, "minute")} to spare.` : `${count(at_least - total, "minute")} more would meet it.`;
    return {
      status: met(total >= at_least),
      sum: `${meetings} × ${minutes} = ${meetings * minutes} minutes, of which ${total} count; at least ${at_least}.`,
      why, draw: bar(total, at_least, "minutes", "at least"),
    };
  },

  case_manager_assigned(_, { open, held }) {
    const bare = Math.max(open - held, 0);
    return {
      status: Number(open) === 0 ? "not_applicable" : met(bare === 0),
      sum: `${open} − ${Math.min(open, held)} = ${count(bare, "open day")} without a case manager; at most 0.`,
      why: Number(open) === 0 ? "The student was enrolled on no open day." : bare ? "One day without is enough to break it." : "Every day is covered.",
      draw: bar(Math.min(open, held), open, "days with a case manager", "at least"),
    };
  },

  based_on_site(_, { here, elsewhere }) {
    const all = Number(here) + Number(elsewhere);
    const why = all === 0 ? "There is no case management to place." : here * 2 === all ? "Just half is not more than half." : here * 2 > all ? "It is more than half." : "It is less than half.";
    return {
      status: all === 0 ? "cannot_tell" : met(here * 2 > all),
      sum: `${here} of ${count(all, "hour")} at a teaching site; asked is more than half.`,
      why, draw: bar(here, all / 2, "hours at a teaching site", "more than"),
    };
  },

  qualification({ degree, degree_fields: fields, years, experience, certificates }, facts) {
    const high = DEGREES.indexOf(facts.degree) >= DEGREES.indexOf(degree) && (!fields.length || fields.includes(facts.field));
    const long = !over(exact(years), exact(facts.years ?? 0)) && (!experience.length || experience.includes(facts.work));
    const paper = certificates.some((name) => facts[name]);
    const ways = [...(degree ? [["The degree", high]] : []), ...(years ? [[`${count(years, "year")} of such work`, long]] : []),
      ...(certificates.length ? [["The certificate", paper]] : [])];
    const shown = ways.filter(([, on]) => on).length;
    return {
      status: met(shown > 0),
      sum: `${shown} of ${count(ways.length, "way")} shown; one is enough.`,
      why: shown ? "One way is shown." : ways.length > 1 ? "No way is shown: either would do." : "It is not shown.",
      draw: boxes(ways),
    };
  },

  goals_measured({ weeks }, facts) {
    const ticked = [1, 2, 3, 4].map((n) => facts[`week_${n}`]);
    const parts = weeks === 1 ? ticked : [ticked[0] || ticked[1], ticked[2] || ticked[3]];
    const good = parts.filter(Boolean).length;
    return {
      status: met(good === parts.length),
      sum: `${good} of ${parts.length} stretches of ${count(weeks, "week")} have a measurement.`,
      why: good === parts.length ? "Each stretch has one." : "Each stretch without one breaks it.",
      draw: boxes(ticked.map((on, i) => [`Week ${i + 1}`, on])),
    };
  },
});
