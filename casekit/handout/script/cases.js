// Rules about the order of steps, and how long a case is kept.

Object.assign(rules, {
  followed_by({ event, same, later, parties, said }, facts) {
    const taken = facts.taken === "yes";
    const inOrder = !event || Number(facts.after) >= 0;
    const counts = taken && inOrder && (!same || facts.same);
    const asked = Math.max(parties.length, 1);
    const there = !counts ? 0 : parties.length ? parties.filter((party) => facts[party]).length : 1;
    const passed = later.length > 0 && facts.later;
    const status = there >= asked ? "met" : passed ? "not_met" : facts.ended ? "not_applicable" : facts.closed ? "not_met" : "due";
    const why = {
      met: "The step is there.",
      not_met: passed ? "A later step was taken, and this one is missing." : "The case is over, and the step is missing.",
      not_applicable: "The case ended before it came to this step.",
      due: "The step can still be taken.",
    }[status];
    const steps = parties.length ? parties.map((party, i) => [said.parties[i], taken && facts[party], counts && facts[party]]) : [[said.step, taken, counts]];
    return {
      status, why,
      sum: `${capital(said.step)}: ${there} of ${asked} counted${taken && event ? `, ${facts.after} days after the ${said.event}` : ""}.`,
      draw: boxes([...steps, ...(later.length ? [["A later step", facts.later]] : [])]),
    };
  },

  preceded_by({ steps, same, said }, facts) {
    const good = steps.map((_, i) => facts[`done_${i + 1}`] && facts[`holds_${i + 1}`] && Number(facts[`before_${i + 1}`]) >= 0 && (!same || facts.same));
    const there = good.filter(Boolean).length;
    return {
      status: met(there === steps.length),
      sum: `${there} of ${count(steps.length, "step")} came before, on the same day or earlier, and held.`,
      why: there === steps.length ? "What had to come first did." : `Missing: ${said.steps.filter((_, i) => !good[i]).join(", ")}.`,
      draw: boxes(steps.map((_, i) => [said.steps[i], facts[`done_${i + 1}`], good[i]])),
    };
  },

  monitored_period({ excused, closed_as }, facts) {
    const end = Number(facts.wait) + Number(facts.length) - 1;
    const [kept, closed] = [Number(facts.kept), facts.closed];
    const other = closed_as.length > 0 && !closed_as.includes(closed);
    const early = closed && kept < end;
    const status = other || (early && excused.includes(closed)) ? "not_applicable" : kept >= end ? "met" : closed ? "not_met" : "due";
    const why = {
      met: `${count(kept - end, "day")} to spare.`,
      not_met: `Closed ${count(end - kept, "day")} too early.`,
      due: `${count(end - kept, "day")} to go.`,
      not_applicable: "It is not asked of a case that stands so.",
    }[status];
    const sum = `${facts.wait} + ${facts.length} − 1 = ${end} days to the period's last day; kept for ${kept}.`;
    return { status, sum, why, draw: bar(kept, end, "days kept", "at least") };
  },

  closure_reason({ allowed, said }, { closed }) {
    const status = closed ? met(allowed.includes(closed)) : "not_applicable";
    const why = { met: "It is one of these.", not_met: "It is none of these.", not_applicable: "The case is open." }[status];
    return { status, sum: `Allowed: ${said.allowed.join(", ")}.`, why, draw: boxes(allowed.map((name, i) => [said.allowed[i], name === closed])) };
  },
});
