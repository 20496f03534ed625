"use strict";
// Gives the published verifier its files: the public ones from this address, the proof from this device.
// The proof is read here and sent nowhere. `verify` comes from files/verifier.js, as it was handed out.
(() => {
  const here = document.getElementById("here"), said = document.getElementById("said");
  const run = document.getElementById("go"), chosen = document.getElementById("proof");
  const items = [...here.querySelectorAll("[data-check]")];
  const names = [...document.querySelectorAll("[data-file]")].map(one => one.dataset.file);
  const tell = (words, kind) => { said.textContent = words; said.className = kind; };
  const clear = () => items.forEach(one => { delete one.dataset.state; one.querySelector("ul").replaceChildren(); });
  here.hidden = false;
  if (typeof crypto === "undefined" || !crypto.subtle || typeof verify !== "function") {
    run.disabled = true;
    tell(here.dataset.insecure, "bad");
    return;
  }
  const bytes = async name => {
    const answer = await fetch(here.dataset.folder + encodeURIComponent(name), { credentials: "omit" });
    if (!answer.ok) throw new Error(name);
    return [name, new Uint8Array(await answer.arrayBuffer())];
  };
  const show = (found, mine) => {
    for (const item of items) {
      const own = found.filter(line => line.startsWith(item.dataset.check + " "));
      const skipped = !mine && ["V5", "V6"].includes(item.dataset.check);
      item.dataset.state = skipped ? "none" : own.length ? "bad" : "good";
      for (const line of skipped ? [here.dataset.without] : own.slice(0, 5)) {
        const told = document.createElement("li");
        told.textContent = skipped ? line : line.slice(item.dataset.check.length + 1);
        item.querySelector("ul").append(told);
      }
    }
    tell(found.length ? here.dataset.differs : here.dataset.agrees, found.length ? "bad" : "good");
  };
  run.onclick = async () => {  // in place of the published page's own, which asks for all files
    clear();
    run.disabled = true;
    tell(here.dataset.working, "");
    try {
      const mine = chosen.files[0] ? JSON.parse(await chosen.files[0].text()) : null;
      const files = Object.fromEntries(await Promise.all(names.map(bytes)));
      const result = await verify(files, mine);
      document.getElementById("draw").textContent = result.draw_id;
      show(result.found, mine);
    } catch (error) {
      tell(here.dataset.unread + " " + error.message, "bad");
    } finally {
      run.disabled = false;
    }
  };
})();
