// Makes every page of the board live: its open line, and the sheets on which something is written.
// Without it the pages work, too: forms and reloading. Cards and keys of the desk: desk.js.
(() => {
  "use strict";
  const body = document.body, told = body.dataset, html = document.documentElement;
  const base = "/board/" + told.webinar, way = told.view === "desk" ? "" : "/" + told.view;
  const said = document.getElementById("said"), main = document.querySelector("main");
  const sheet = document.getElementById("sheet"), act = document.getElementById("act");
  let after = told.after, source = null, over = false, lost = false, heard = Date.now();
  let wait = 1000, again = 0;

  const all = (query, inside = document) => [...inside.querySelectorAll(query)];
  let fades = 0;
  const say = (words) => {
    said.textContent = words;
    clearTimeout(fades);
    // What is still so stays: a line that is lost, a board that is closed.
    if (words && told.view === "desk" && !lost && !over) fades = setTimeout(() => { said.textContent = ""; }, 8000);
  };
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent("board-" + name, { detail }));
  document.addEventListener("board-say", (event) => say(event.detail));

  // --- a session that has ended leaves nothing on the screen ---
  function end() {
    over = true;
    if (source) source.close();
    main.replaceChildren();
    all("#mailed, .tabs, .tools, .menu, .top nav, dialog, .bench").forEach((each) => each.remove());
    say(told.over);
    body.classList.add("over");
  }

  // --- the open line ---
  // What is made anew between a button's going down and its coming up is not pressed: changes wait.
  const held = [];
  let down = 0;
  const calmly = (take) => (event) => { if (down) held.push(() => take(event)); else take(event); };
  function lift() {
    clearTimeout(down);
    down = 0;
    held.splice(0).forEach((take) => { if (!over) take(); });
  }
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("button")) return;
    clearTimeout(down);
    // Of some presses nobody says that they have ended.
    down = setTimeout(lift, 10000);
  }, true);
  ["pointerup", "pointercancel"].forEach((name) => {
    // The click itself comes first.
    document.addEventListener(name, () => { if (down) setTimeout(lift); }, true);
  });

  function listen() {
    clearTimeout(again);
    if (over) return;
    source = new EventSource(base + "/events?view=" + told.view + "&lang=" + html.lang + "&after=" + after);
    const on = (name, take) => source.addEventListener(name, (event) => {
      heard = Date.now();
      if (event.lastEventId) after = event.lastEventId;
      take(JSON.parse(event.data));
    });
    source.onopen = () => { heard = Date.now(); wait = 1000; if (lost) { lost = false; say(""); } };
    on("cards", calmly((event) => tell("cards", event.cards)));
    on("present", calmly((event) => tell("present", new Set(event.ids))));
    on("stage", calmly((event) => replace(event.html)));
    on("mailed", (event) => tell("mailed", event.said));
    on("beat", () => {});
    on("over", end);
    source.onerror = resume;
  }

  // Whoever is at something on the page stays at it when the page is made anew.
  const anew = document.createElement("template");
  function replace(made) {
    // As browsers write it: what the page came with is no other.
    anew.innerHTML = made;
    if (main.innerHTML.trim() === anew.innerHTML.trim()) return;
    const at = document.activeElement, inside = main.contains(at);
    const name = inside && (at.value ? `button[value="${at.value}"]` : at.id ? "#" + at.id : "");
    main.innerHTML = made;
    const same = name && main.querySelector(name);
    if (same) same.focus({ preventScroll: true });
    else if (inside) { main.tabIndex = -1; main.focus({ preventScroll: true }); }
    free();
  }

  function resume() {
    if (source) source.close();
    if (over) return;
    clearTimeout(again);
    again = setTimeout(async () => {
      lost = true;
      say(told.lost);
      // A line that is refused does not say why: a session that is over is not to be waited for.
      try {
        const answer = await fetch(base + way, { method: "HEAD" });
        if (answer.status === 401) { end(); return; }
      } catch (away) { /* no network: the next try may find it */ }
      listen();
    }, wait);
    wait = Math.min(wait * 2, 15000);
  }
  setInterval(() => { if (!over && Date.now() - heard > 50000) { heard = Date.now(); resume(); } }, 5000);
  window.addEventListener("online", () => { wait = 100; resume(); });

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
  document.addEventListener("board-dealt", free);

  const menu = document.querySelector(".menu"), opened = menu && menu.firstElementChild;
  const fold = (event) => { if (menu && menu.open && !menu.contains(event.target)) menu.open = false; };
  document.addEventListener("click", fold);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu || !menu.open) return;
    menu.open = false;
    opened.focus();
  });

  listen();
  if (!act) return;

  // --- forms: what is pressed, and what is written ---
  // The second half of a double tap would press what has come to lie under the finger, unread.
  let pressed = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button"), what = button && (button.value || button);
    if (button && event.detail > 1 && what !== pressed) event.preventDefault(); else pressed = what;
  }, true);
  const token = act.elements.token.value;
  const drafts = new Map(), passed = new Set(), sent = new Map();
  const open = () => sheet.querySelector("form");
  const number = (value) => value.split(".")[1];
  let opener = "";

  async function send(to, fields) {
    const answer = await fetch(to, { method: "POST", headers: { Accept: "application/json" }, body: fields });
    if (answer.status === 401) { end(); return null; }
    const came = answer.status === 204 ? {} : await answer.json();
    return { ok: answer.ok, ...came };
  }

  // A sheet has a number, and each press another one; what may have arrived is sent again under its own.
  const draw = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  function what(fields) {
    const plain = new URLSearchParams(fields);
    plain.delete("once");
    return plain.toString();
  }
  function once(form, fields) {
    const same = what(fields);
    if (!sent.has(same)) sent.set(same, form === act ? draw() : fields.get("once"));
    return sent.get(same);
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (!("live" in form.dataset) || event.defaultPrevented) return;
    event.preventDefault();
    // Whoever goes through many presses the next one before the first has been answered.
    const pressed = form === act ? button : form;
    if (!pressed || pressed.getAttribute("aria-busy") === "true") return;
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.set(button.name, button.value);
    fields.set("once", once(form, fields));
    ["reason", "own"].forEach((name) => { if (form.elements[name]) form.elements[name].disabled = true; });
    pressed.setAttribute("aria-busy", "true");
    try {
      const came = await send(form.action, fields);
      sent.delete(what(fields));
      if (came) settle(came, form, button, fields);
    } catch (failed) { complain(form, told.failed); } finally { pressed.removeAttribute("aria-busy"); }
  });

  function settle(came, form, button, fields) {
    const written = form !== act, dropped = fields.has("drop");
    if (came.sheet) { show(came.sheet, written ? opener : fields.get("do")); return; }
    if (!came.ok) { complain(form, came.said); return; }
    if (!written) { say(came.said); return; }
    if (!dropped) drafts.delete(fields.get("do"));
    shut();
    say(dropped ? "" : came.said);
    if (told.view !== "interpret" || (dropped && !("next" in button.dataset))) return;
    passed.add(number(fields.get("do")));
    next();
  }

  // What was written is still there to be copied.
  function complain(form, words) {
    const problem = form.querySelector(".problem");
    if (problem) { problem.textContent = words; problem.scrollIntoView({ block: "nearest" }); } else say(words);
  }

  // --- sheets ---
  function show(made, from) {
    opener = from;
    sheet.innerHTML = made;
    body.classList.add("writing");
    if (sheet.showModal && !sheet.open) sheet.showModal();
    const text = sheet.querySelector("textarea"), draft = drafts.get(open().elements.do.value);
    if (text && draft !== undefined) text.value = draft;
    all("[data-draft], .find", sheet).forEach((each) => { each.hidden = false; });
    measure();
    const first = text || sheet.querySelector("[data-finds], input:not([type=hidden]), button");
    first.focus();
    if (text) text.setSelectionRange(text.value.length, text.value.length);
    noted = Date.now();
    tell("sheet", sheet);
  }

  function shut() {
    const at = opener;
    opener = "";
    sheet.replaceChildren();
    body.classList.remove("writing");
    if (sheet.open) sheet.close();
    const [kind, id] = at.split(".");
    const card = id && (document.getElementById("q" + id) || document.getElementById("t" + id));
    const same = all("button[name=do]").find((each) => each.value.startsWith(kind + (id ? "." + id + "." : "")));
    (same || card || main.querySelector(".card, button") || main).focus({ preventScroll: true });
  }

  // Interpreters go on with what is needed first of all that nobody has in hand.
  function next() {
    const left = all("button[name=do]", main).filter((each) => !passed.has(number(each.value)));
    const free = left.find((each) => !each.closest("[data-taken]"));
    if (free) act.requestSubmit(free);
  }

  function measure() {
    const text = sheet.querySelector("textarea"), length = sheet.querySelector(".length");
    if (text && length) length.textContent = text.value.length + " / " + length.dataset.most;
  }

  if (sheet) {
    sheet.addEventListener("input", (event) => {
      if (event.target.name === "words") drafts.set(open().elements.do.value, event.target.value);
      measure();
    });
    // Closing a sheet lets others have what it was about.
    const drop = () => { const way = sheet.querySelector("[data-drop]"); if (way) open().requestSubmit(way); };
    sheet.addEventListener("cancel", (event) => { if (event.target === sheet) { event.preventDefault(); drop(); } });
    sheet.addEventListener("close", drop);
    sheet.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        open().requestSubmit(sheet.querySelector(".main"));
      } else if (event.key === "Escape" && !sheet.showModal) { event.preventDefault(); drop(); }
    });
    sheet.addEventListener("click", (event) => {
      if (!event.target.closest("[data-draft]")) return;
      const text = sheet.querySelector("textarea");
      text.value = sheet.querySelector(".draft bdi").textContent;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }

  // --- keys of a list: the letter on a button, where one of its cards is in focus ---
  document.addEventListener("keydown", (event) => {
    if (told.view === "desk" || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = event.target.closest("main .card");
    if (!card) {
      const first = event.key === "ArrowDown" && !event.target.closest("#sheet, .menu") && main.querySelector(".card");
      if (first) { event.preventDefault(); first.focus(); }
      return;
    }
    const to = event.key === "ArrowDown" ? card.nextElementSibling : event.key === "ArrowUp" ? card.previousElementSibling : null;
    if (to) { event.preventDefault(); to.focus(); return; }
    const way = event.code.startsWith("Key") && card.querySelector(`[data-key="${event.code.slice(3)}"]`);
    if (way) { event.preventDefault(); way.click(); }
  });

  // --- somebody is here, and holds what is on the sheet ---
  let moved = false, noted = Date.now();
  ["pointermove", "pointerdown", "keydown", "wheel", "touchmove"].forEach((name) => {
    document.addEventListener(name, () => { moved = true; }, { passive: true });
  });
  setInterval(async () => {
    if (over || !moved || Date.now() - noted < 60000) return;
    moved = false;
    noted = Date.now();
    const form = sheet && open(), hold = form ? form.elements.do.value : "";
    const to = base + (told.view === "interpret" ? "/translating" : "/here");
    try { await send(to, new URLSearchParams({ token, hold })); } catch (away) { moved = true; }
  }, 5000);
})();
