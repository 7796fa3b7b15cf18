// A notebook's page: hides "Preparing" once everything is there, and watches over the kernel.
(() => {
  const ASK = 2000; // ms between two questions after the kernel
  const GONE = {
    kernel: [
      "This page has lost its program",
      "The program behind this page has ended, so nothing here answers any more. What you saved is" +
        " safe in its files. Open the page anew to go on.",
    ],
    server: [
      "casekit app has stopped",
      "This page can no longer reach it. What you saved is safe in its files. Start casekit app" +
        " again, and open the address that it prints.",
    ],
  };
  const byId = (id) => document.getElementById(id);

  // Voila's scripts call these two.
  window.voila_process = window.voila_finish = () => {};

  // An output is there once its widget is, and a panel once it has been told what to show.
  function there(output) {
    const panel = output.querySelector(".ck");
    const shown = panel ? panel.querySelector("[data-region]") : output.offsetHeight > 0;
    return shown && output.textContent.trim() !== "Loading widget...";
  }
  const watch = new MutationObserver(look);
  function look() {
    const outputs = [...document.querySelectorAll(".ck-output")];
    if (document.readyState === "loading" || !outputs.every(there)) return;
    watch.disconnect();
    byId("ck-preparing").hidden = true;
  }
  watch.observe(document, { childList: true, subtree: true });
  addEventListener("DOMContentLoaded", look);

  function tell([title, told]) {
    byId("ck-gone-title").textContent = title;
    byId("ck-gone-told").textContent = told;
    byId("ck-anew").onclick = () => location.reload();
    byId("ck-preparing").hidden = true;
    byId("ck-gone").showModal();
  }

  let leaving = false;
  let missed = 0; // questions without an answer, one after the other
  async function ask(kernelId) {
    if (leaving) return;
    try {
      const { alive } = await (await fetch(`/alive/${kernelId}`)).json();
      if (leaving) return;
      if (alive === false) return tell(GONE.kernel);
      missed = 0;
    } catch {
      if (leaving) return;
      if (++missed > 1) return tell(GONE.server);
    }
    setTimeout(ask, ASK, kernelId);
  }
  addEventListener("load", () => {
    const settings = byId("jupyter-config-data");
    if (settings && byId("ck-gone")) setTimeout(ask, ASK, JSON.parse(settings.textContent).kernelId);
  });
  // The kernel of a page that is left is ended: a page that comes back from memory has none.
  addEventListener("pagehide", () => { leaving = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
