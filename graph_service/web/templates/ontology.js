  "use strict";
  (() => {
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const entries = [...document.querySelectorAll(".entry")];
    const words = new Map(entries.map((entry) => [entry, plain(entry.querySelector(".found").textContent + " " + entry.dataset.iri)]));
    const groups = [...document.querySelectorAll("[data-group]")];
    const tools = document.querySelector(".tools");
    const box = document.getElementById("tool/search");
    const count = document.getElementById("tool/count");
    const language = document.getElementById("tool/language");

    const search = () => {
      const wanted = plain(box.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const entry of entries) {
        const text = words.get(entry);
        entry.hidden = !wanted.every((word) => text.includes(word));
        shown += entry.hidden ? 0 : 1;
      }
      for (const group of groups) group.hidden = !group.querySelector(".entry:not([hidden])");
      for (const aside of document.querySelectorAll("[data-aside]")) aside.hidden = wanted.length > 0;
      count.value = wanted.length ? `${shown} of ${entries.length} entries` : "";
    };

    const relabel = () => {
      for (const label of document.querySelectorAll(".entry .label")) {
        const labels = label.closest(".entry").querySelector(".labels");
        const found = labels && labels.querySelector(`[lang="${language.value}"] b`);
        label.dataset.english ??= label.textContent;
        label.textContent = found ? found.textContent : label.dataset.english;
        label.lang = found ? language.value : "en";
      }
    };

    const reveal = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && target.closest("[hidden]")) {
        box.value = "";
        search();
        target.scrollIntoView();
      }
    };

    tools.hidden = false;
    box.addEventListener("input", search);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        box.value = "";
        search();
      }
    });
    language.addEventListener("change", relabel);
    tools.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", reveal);
    if (box.value) search();
    if (language.value !== "en") relabel();
  })();
