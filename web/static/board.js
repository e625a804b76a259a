// Makes the board live. A desk works without it, too: forms and reloading.
(() => {
  "use strict";
  const body = document.body, told = body.dataset, html = document.documentElement;
  const base = "/board/" + told.webinar, desk = told.view === "desk";
  const said = document.getElementById("said"), main = document.querySelector("main");
  const look = "lang=" + html.lang + "&theme=" + (html.dataset.theme || "");
  let after = told.after, source = null, over = false, lost = false, heard = Date.now();
  let wait = 1000, again = 0;

  const say = (words) => { said.textContent = words; };
  const all = (query, inside = document) => [...inside.querySelectorAll(query)];

  // --- a session that has ended leaves nothing on the screen ---
  function end() {
    over = true;
    if (source) source.close();
    main.replaceChildren();
    all(".tabs, .menu, .top nav, dialog").forEach((each) => each.remove());
    say(told.over);
    body.classList.add("over");
  }

  // --- the open line ---
  function listen() {
    clearTimeout(again);
    if (over) return;
    source = new EventSource(base + "/events?view=" + told.view + "&lang=" + html.lang + "&after=" + after);
    const on = (name, act) => source.addEventListener(name, (event) => {
      heard = Date.now();
      if (event.lastEventId) after = event.lastEventId;
      act(JSON.parse(event.data));
    });
    source.onopen = () => { heard = Date.now(); wait = 1000; if (lost) { lost = false; say(""); } };
    on("cards", (event) => deal(event.cards));
    on("present", (event) => keep(new Set(event.ids)));
    on("stage", (event) => { if (main.innerHTML !== event.html) main.innerHTML = event.html; });
    on("beat", () => {});
    on("over", end);
    source.onerror = resume;
  }

  async function resume() {
    if (source) source.close();
    if (over) return;
    clearTimeout(again);
    again = setTimeout(async () => {
      lost = true;
      say(told.lost);
      // A line that is refused does not say why: a session that is over is not to be waited for.
      try {
        const answer = await fetch(base + (desk ? "" : "/stage"), { method: "HEAD" });
        if (answer.status === 401) { end(); return; }
      } catch (away) { /* no network: the next try may find it */ }
      listen();
    }, wait);
    wait = Math.min(wait * 2, 15000);
  }
  setInterval(() => { if (!over && Date.now() - heard > 50000) { heard = Date.now(); resume(); } }, 5000);
  window.addEventListener("online", () => { wait = 100; resume(); });

  listen();
  if (!desk) return;

  // --- cards ---
  const lists = Object.fromEntries(all(".column").map((each) => [each.id, each.querySelector("ol")]));
  const sorted = { oldest: (a, b) => a.dataset.order - b.dataset.order, newest: (a, b) => b.dataset.order - a.dataset.order,
    supported: (a, b) => b.dataset.supports - a.dataset.supports || a.dataset.order - b.dataset.order };
  const ways = {};
  const way = (column) => sorted[ways[column] || "oldest"];

  function place(card, column) {
    const list = lists[column], compare = way(column), cards = list.children;
    let low = 0, high = cards.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(cards[middle], card) <= 0) low = middle + 1; else high = middle;
    }
    list.insertBefore(card, cards[low] || null);
  }

  function count() {
    all("[data-count]").forEach((each) => {
      const many = String(lists[each.dataset.count].children.length);
      if (each.textContent !== many) each.textContent = many;
    });
  }

  const holder = document.createElement("template");
  function deal(cards) {
    let arrived = false;
    const focused = document.activeElement;
    for (const { id, column, html } of cards) {
      const old = document.getElementById("q" + id);
      const had = old && old.contains(focused), list = old && old.parentElement;
      const next = had ? old.nextElementSibling || old.previousElementSibling : null;
      const key = had ? focused.dataset.key : null;
      if (old) old.remove();
      if (!column) { if (had) (next || list).focus({ preventScroll: true }); continue; }
      holder.innerHTML = html;
      const made = holder.content.firstElementChild;
      place(made, column);
      if (list !== lists[column]) made.classList.add("moved");
      if (!old && column === "new") arrived = true;
      // Where it went on, the next one is to be looked at; where it stays, nothing is to move.
      if (had && list === lists[column]) (made.querySelector(`[data-key="${key}"]`) || made).focus({ preventScroll: true });
      else if (had) (next || list).focus();
    }
    free();
    count();
    if (arrived) say(told.arrived);
  }

  function keep(ids) {
    all(".card").forEach((each) => { if (!ids.has(each.id.slice(1))) each.remove(); });
    count();
  }

  // Nobody says when a claim has run out.
  function free() {
    const now = Date.now();
    all("[data-taken]").forEach((each) => {
      if (Number(each.dataset.taken) > now) return;
      each.removeAttribute("data-taken");
      all(".taken", each).forEach((mark) => mark.remove());
    });
  }
  setInterval(free, 5000);

  all("[data-sorts]").forEach((each) => {
    each.hidden = false;
    each.addEventListener("change", () => {
      const list = lists[each.dataset.sorts];
      ways[each.dataset.sorts] = each.value;
      list.append(...[...list.children].sort(way(each.dataset.sorts)));
      list.scrollTop = 0;
    });
  });

  // --- what a moderator does ---
  const form = document.getElementById("act"), why = document.getElementById("why");
  const token = form.elements.token.value;
  const post = (to, fields) => fetch(base + to, { method: "POST", headers: { Accept: "application/json" },
    body: new URLSearchParams({ token, ...fields }) });

  async function press(button, reason) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await post("/act?" + look, { do: button.value, ...(reason ? { reason } : {}) });
      if (answer.status === 401) { end(); return; }
      say((await answer.json()).said);
    } catch (failed) { say(told.failed); } finally { button.removeAttribute("aria-busy"); }
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    if (!button.value.startsWith("declined.")) { press(button); return; }
    const words = button.closest(".card").querySelector(".text").cloneNode(true);
    why.querySelector(".text").replaceWith(words);
    why.returnValue = "";
    why.onclose = () => { button.focus({ preventScroll: true }); if (why.returnValue) press(button, why.returnValue); };
    why.showModal();
  });

  // --- keys: only with a question in focus, so that nothing happens by mistake ---
  const cardsOf = (card) => [...card.parentElement.children];
  const columns = () => all(".column").filter((each) => each.querySelector(".card"));
  function beside(card, by) {
    const there = columns(), at = there.indexOf(card.closest(".column"));
    const to = there[at + by];
    return to && to.querySelector(".card");
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || why.open || /^(SELECT|INPUT)$/.test(event.target.tagName)) return;
    const card = event.target.closest(".card"), forward = html.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (!card) {
      if (event.key !== "ArrowDown" || event.target.closest(".menu")) return;
      const first = document.querySelector(".card");
      if (first) { event.preventDefault(); first.focus(); }
      return;
    }
    let to = null;
    if (event.key === "ArrowDown") to = card.nextElementSibling;
    else if (event.key === "ArrowUp") to = card.previousElementSibling;
    else if (event.key === "Home") to = cardsOf(card)[0];
    else if (event.key === "End") to = cardsOf(card).at(-1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") to = beside(card, event.key === forward ? 1 : -1);
    else if (event.code.startsWith("Key")) {
      // By the place of the key: on an Arabic keyboard the letters are others.
      const button = card.querySelector(`[data-key="${event.code.slice(3)}"]`);
      if (button) { event.preventDefault(); button.focus({ preventScroll: true }); button.click(); }
      return;
    } else return;
    event.preventDefault();
    if (to) { to.focus({ preventScroll: true }); to.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  });

  // --- somebody is here ---
  let moved = false, noted = Date.now();
  ["pointermove", "pointerdown", "keydown", "wheel", "touchmove"].forEach((name) => {
    document.addEventListener(name, () => { moved = true; }, { passive: true });
  });
  setInterval(async () => {
    if (over || !moved || Date.now() - noted < 60000) return;
    moved = false;
    noted = Date.now();
    try { if ((await post("/here", {})).status === 401) end(); } catch (away) { moved = true; }
  }, 5000);
})();
