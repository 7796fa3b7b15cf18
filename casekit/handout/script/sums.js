// The arithmetic of casekit's judges, on the few facts of a try-it: pure functions, no page.
//
// A rule takes the settings of a requirement and the facts as its controls hold them (texts; a tick
// is true or false), and gives a verdict: status, sum, why, and what to draw. Decimals are
// fractions of whole numbers, and days are whole numbers since 1 January 1970: nothing is rounded.
"use strict";

const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December"];
const DEGREES = ["none", "certificate", "diploma", "associate", "bachelor", "master", "doctorate"];
const A_DAY = 86400000;

// Exact decimals: [above, below] of a fraction. -------------------------------------------------

function exact(value) {
  const [whole, part = ""] = String(Number(value)).split(".");
  return [BigInt(whole + part), 10n ** BigInt(part.length)];
}
const times = ([a, b], [c, d]) => [a * c, b * d];
const plus = ([a, b], [c, d]) => [a * d + c * b, b * d];
const minus = (a, [c, d]) => plus(a, [-c, d]);
const over = ([a, b], [c, d]) => a * d > c * b;
const floor = ([a, b]) => (a >= 0n ? a / b : -((-a + b - 1n) / b));

// A fraction as a decimal of at most so many places, rounded up where it is not whole.
function decimal([a, b], places = 2) {
  const unit = 10n ** BigInt(places);
  const scaled = -floor([-a * unit, b]);
  const text = (Number(scaled) / Number(unit)).toFixed(places);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

// Days. ------------------------------------------------------------------------------------------

const dayOf = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / A_DAY);
const weekday = (day) => (((day + 3) % 7) + 7) % 7;
const monday = (day) => day - weekday(day);
const dated = (day) => {
  const date = new Date(day * A_DAY);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
};

// The same day some months later (or earlier), or that month's last day if it is shorter.
function monthsLater(day, months) {
  const date = new Date(day * A_DAY);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = Date.UTC(year, month + 1, 0) / A_DAY;
  return Math.min(Date.UTC(year, month, 1) / A_DAY + date.getUTCDate() - 1, last);
}

// The count-th Monday to Friday after a day.
function schoolDaysAfter(day, count) {
  for (let left = count; left > 0; left -= weekday(day) < 5 ? 1 : 0) day += 1;
  return day;
}

// Words. -----------------------------------------------------------------------------------------

const count = (number, one, many = `${one}s`) => `${number} ${Number(number) === 1 ? one : many}`;
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const met = (yes) => (yes ? "met" : "not_met");
const chosen = (ticked) => Object.keys(ticked).filter((name) => ticked[name]);
const boxes = (cells) => ({ boxes: cells.map(([words, on, counts = on]) => ({ words, on, counts })) });
const bar = (value, limit, unit, line = "at most") => ({ bar: { value: Number(value), limit: Number(limit), unit, line } });
const days = (limit, ...marks) => ({ days: { limit, marks } });

// By a day: the sum, and how far it is from the other answer.
function byDay(done, deadline, noun) {
  const off = Math.abs(deadline - done);
  const yes = done <= deadline;
  const why = yes
    ? off === 0 ? "That is the last day: one day later would be too late." : `${count(off, "day")} to spare.`
    : `${count(off, "day")} too late.`;
  return { status: met(yes), sum: `${capital(noun)}: ${dated(done)}. Asked by ${dated(deadline)}.`, why };
}

// The rules, each by the name of its kind; the files after this one bring them.
const rules = {};
