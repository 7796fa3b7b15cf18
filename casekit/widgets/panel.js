// The page's side of a panel: shows what the kernel made, and tells it what was done.
// The kernel answers each message with `done`; one message is under way at a time, so that a slider
// that is dragged never leaves a queue behind. Nothing is kept in the widget's model: what is shown
// goes by message only, and so never into a saved notebook.

const DEBOUNCE = { range: 40, other: 300 }; // ms after which a move, or typing, is told
const BUSY = 300; // ms after which waiting is shown
const LARGEST = 8 * 1024 * 1024; // bytes that may be handed over at once

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "ck";
  // What is said is heard from one place, and seen beside the control that was used.
  const heardAt = document.createElement("p");
  heardAt.className = "ck-unseen";
  heardAt.setAttribute("role", "status");
  const seenAt = document.createElement("p");
  seenAt.className = "ck-said";
  seenAt.setAttribute("aria-hidden", "true");
  const page = document.createElement("div");
  root.append(page, heardAt);
  el.append(root);

  const queue = []; // what is still to be told
  const told = new Map(); // control's name -> number of the message that told its last change
  let number = 0, done = 0, underWay = null, waiting = 0, timer = 0, progress = false;

  function say(text) {
    if (heardAt.textContent !== text) heardAt.textContent = text;
    if (seenAt.textContent !== text) seenAt.textContent = text;
  }

  function send(message, buffers) {
    const last = queue[queue.length - 1];
    number += 1;
    if (message.change && last?.message.change) {
      Object.assign(last.message.change, message.change);
      last.message.live = message.live;
      last.number = number;
    } else queue.push({ message, buffers, number });
    for (const name of Object.keys(message.change ?? {})) told.set(name, number);
    next();
  }

  function next() {
    if (underWay !== null || !queue.length) return;
    const { message, buffers, number: mine } = queue.shift();
    underWay = mine;
    clearTimeout(waiting);
    progress = false;
    waiting = setTimeout(() => {
      root.setAttribute("aria-busy", "true");
      if (!progress) say("Working …");
    }, BUSY);
    model.send({ ...message, number: mine }, undefined, buffers ?? []);
  }

  function ended(message) {
    clearTimeout(waiting);
    root.removeAttribute("aria-busy");
    done = message.number;
    underWay = null;
    next();
  }

  // What was changed since the kernel made this stays as it was changed.
  function keep(old, fresh) {
    if (old.nodeType !== Node.ELEMENT_NODE) return;
    if (old.localName === "details" && old.open) fresh.setAttribute("open", "");
    if (old.dataset.lmSuppressShortcuts) fresh.dataset.lmSuppressShortcuts = "true";
    if (!old.name || !((told.get(old.name) ?? 0) > (underWay ?? done))) return;
    if (old.localName === "select") {
      for (const each of fresh.options) each.toggleAttribute("selected", each.value === old.value);
    } else if (old.type === "checkbox" || old.type === "radio") {
      fresh.toggleAttribute("checked", old.checked);
    } else if (old.localName === "textarea") fresh.textContent = old.value;
    else if (old.localName === "input") fresh.setAttribute("value", old.value);
  }

  function show({ order, html }) {
    const there = new Map([...page.children].map((each) => [each.dataset.region, each]));
    for (const [name, each] of there) if (!order.includes(name)) each.remove();
    order.forEach((name, index) => {
      let region = there.get(name);
      if (!region) {
        region = document.createElement("div");
        region.dataset.region = name;
        region.className = "ck-region";
        region.append(document.createElement("div"));
      }
      if (page.children[index] !== region) page.insertBefore(region, page.children[index] ?? null);
      if (name in html) {
        Idiomorph.morph(region.firstChild, html[name], {
          morphStyle: "innerHTML",
          callbacks: { beforeNodeMorphed: keep },
        });
      }
    });
  }

  function heard(message, buffers) {
    if (message.html) show(message);
    if (!seenAt.isConnected) page.firstElementChild?.append(seenAt);
    if ("said" in message) {
      say(message.said);
      progress = !message.number; // the kernel itself says how far it is
    }
    if (message.focus) root.querySelector(`[id="${CSS.escape(message.focus)}"]`)?.focus();
    if (message.download) download(message.download, buffers[0]);
    if (message.number) ended(message);
  }

  function download({ name, type }, data) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([data], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // it may still be being written
  }

  async function upload(control) {
    const files = [...control.files];
    if (!files.length) return;
    if (files.reduce((sum, file) => sum + file.size, 0) > LARGEST) {
      say("That is more than 8 MB: give the path of the files instead.");
      return;
    }
    const buffers = await Promise.all(files.map((file) => file.arrayBuffer()));
    send({ upload: control.name, files: files.map((file) => file.name) }, buffers);
    control.value = ""; // the same file may be given again once it is mended
  }

  // Where something was done is where its answer is looked for.
  const noteAt = (control) => control.closest(".ck-region")?.append(seenAt);

  const value = (control) =>
    control.type === "checkbox" ? (control.checked ? "yes" : "") : control.value;

  function tell(control, live) {
    clearTimeout(timer);
    send({ change: { [control.name]: value(control) }, live });
  }

  // JupyterLab would take arrow keys and Enter for its own; it asks the very control in focus.
  root.addEventListener("focusin", ({ target }) => { target.dataset.lmSuppressShortcuts = "true"; });
  root.addEventListener("input", ({ target }) => {
    if (!target.name) return;
    told.set(target.name, Infinity); // it is ahead of the kernel until it has been told
    if (!("live" in target.dataset)) return;
    if (target.type === "range") {
      const words = [target.value, target.dataset.unit].filter(Boolean).join(" ");
      target.nextElementSibling.textContent = words;
      if (target.dataset.unit) target.setAttribute("aria-valuetext", words);
    }
    clearTimeout(timer);
    timer = setTimeout(() => tell(target, true), DEBOUNCE[target.type] ?? DEBOUNCE.other);
  });
  const line = (control) => control.matches("input:not([type=range], [type=file]), textarea");
  // A date is typed part by part, and its year digit by digit: 0002, 0020, 0202, 2026.
  const halfTyped = (control) => control.type === "date" && /^0/.test(control.value);
  root.addEventListener("change", ({ target }) => {
    // What was told on Enter, or as it was typed, is not told again when the field is left.
    if (!target.name || (line(target) && told.get(target.name) !== Infinity)) return;
    if (halfTyped(target)) return;
    noteAt(target);
    if (target.type === "file") upload(target);
    else tell(target, false);
  });
  // JupyterLab keeps Enter from a line of text, which would else tell of its change.
  root.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Enter" || target.localName !== "input" || told.get(target.name) !== Infinity) return;
    noteAt(target);
    tell(target, false);
  });
  root.addEventListener("focusout", ({ target }) => {
    if (told.get(target.name) !== Infinity || "live" in target.dataset) return;
    // Left half typed, it is told all the same; left as it was found, the kernel's word counts again.
    if (halfTyped(target)) tell(target, false);
    else told.delete(target.name);
  });
  root.addEventListener("click", ({ target }) => {
    const button = target.closest("button[name]");
    if (!button) return;
    noteAt(button);
    send({ press: button.name, value: button.value });
  });
  model.on("msg:custom", heard);
  send({ ask: "all" });
  return () => model.off("msg:custom", heard);
}

export default { render };
