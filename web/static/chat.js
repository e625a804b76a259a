// Makes the page live. Everything works without it, too: forms and reloading.
// `words`, the page's own ones by language, is put in front of this file by the server.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const log = find("log"), form = find("say"), press = find("press"), picture = find("picture"), box = find("text");
  const line = find("line"), typing = find("typing"), html = document.documentElement;
  const word = (key) => words[html.lang][key];
  let last = Number(log.dataset.last), source = null, closed = false, heard = Date.now();
  let wait = 1000, polling = 0, busy = 0;

  // --- what outlives a reload of this tab: what was typed, and what did not get through ---
  let kept = { draft: "", out: [] };
  try { kept = JSON.parse(sessionStorage.chat) || kept; } catch (nothing) { /* first time here */ }
  const keep = () => {
    try { sessionStorage.chat = JSON.stringify(kept); } catch (forbidden) { /* then it does not */ }
  };

  let lost = false;
  const notice = (key) => { line.textContent = key ? word(key) : lost ? word("web-reconnecting") : ""; };
  const dropped = (is) => { lost = is; notice(); };

  const speak = (language) => {
    if (!words[language] || html.lang === language) return;
    html.lang = language;
    html.dir = words[language].dir;
    document.title = word("name");
    document.querySelectorAll("[data-word]").forEach((each) => { each.textContent = word(each.dataset.word); });
    document.querySelectorAll("[data-label]").forEach((each) => {
      each.setAttribute("aria-label", word(each.dataset.label));
      if (each.placeholder) each.placeholder = word(each.dataset.label);
    });
  };

  const toEnd = () => { find("scroll").scrollTop = 0; };
  const thinking = (on) => { clearTimeout(busy); busy = on ? setTimeout(() => { typing.hidden = false; }, 500) : 0; if (!on) typing.hidden = true; };

  // --- letters from the server ---
  function show(letter) {
    if (letter.n <= last) return;
    last = letter.n;
    document.querySelectorAll("[name=seen]").forEach((each) => { each.value = last; });
    thinking(false);
    const old = find("m" + letter.id);
    const hadFocus = old && old.contains(document.activeElement);
    const said = (row) => { const text = row && row.querySelector("p"); return text ? text.textContent : null; };
    const keysOf = (row) => [...row.querySelectorAll(".keys .key")];
    if (letter.act === "delete") { if (old) old.remove(); }
    else if (letter.act === "strip") {
      if (old) old.querySelectorAll(".keys").forEach((each) => each.remove());
      if (hadFocus) old.focus();
    } else {
      // Only the newest message may ask for a picture.
      log.querySelectorAll(".pick").forEach((each) => each.remove());
      const holder = document.createElement("div");
      holder.innerHTML = letter.html;
      const made = holder.firstElementChild;
      // Where only a tick has changed, the person is about to press the button next to it.
      const ticked = old && said(old) === said(made);
      const at = ticked && hadFocus ? keysOf(old).indexOf(document.activeElement) : 0;
      if (!ticked) made.classList.add("new");
      if (old) old.replaceWith(made); else log.append(made);
      speak(letter.lang);
      // Who works by keyboard goes on where the buttons are; nobody's keyboard pops up.
      if (hadFocus || document.activeElement === document.body) (keysOf(made)[at] || made).focus({ preventScroll: true });
      // A long message is read from its beginning; a short one ends up at the end all the same.
      if (!ticked) made.scrollIntoView();
    }
  }

  function erase(until) {
    log.querySelectorAll(".row").forEach((each) => {
      if (each.classList.contains("own") || Number(each.id.slice(1)) <= until) each.remove();
    });
    kept = { draft: "", out: [] };
    keep();
  }

  // --- the open line, or asking from time to time where there is none ---
  function listen() {
    if (closed) return;
    if (!window.EventSource) { poll(); return; }
    source = new EventSource("/chat/events?after=" + last);
    source.onopen = () => { heard = Date.now(); wait = 1000; dropped(false); };
    const on = (name, act) => source.addEventListener(name, (event) => { heard = Date.now(); act(JSON.parse(event.data)); });
    on("letter", show);
    on("beat", () => {});
    on("erased", (event) => erase(event.until));
    on("displaced", () => { closed = true; source.close(); notice("web-displaced"); });
    source.onerror = () => { if (!closed) again(); };
  }

  function again() {
    if (source) source.close();
    source = null;
    clearTimeout(polling);
    polling = setTimeout(() => { dropped(true); listen(); }, wait);
    wait = Math.min(wait * 2, 30000);
  }

  async function fetchNew() {
    const answer = await fetch("/chat/messages?after=" + last, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const news = await answer.json();
    document.querySelectorAll("[name=token]").forEach((each) => { each.value = news.token; });
    if (news.erased) erase(news.erased);
    news.letters.forEach(show);
  }

  async function poll() {
    try { await fetchNew(); dropped(false); } catch (failed) { dropped(true); }
    clearTimeout(polling);
    polling = setTimeout(poll, document.hidden ? 30000 : 5000);
  }

  // A line may die without a word: the server sends a beat every 20 seconds.
  setInterval(() => { if (source && Date.now() - heard > 50000) { heard = Date.now(); again(); } }, 5000);
  window.addEventListener("online", () => { wait = 1000; if (source || polling) again(); });
  window.addEventListener("offline", () => dropped(true));
  document.addEventListener("visibilitychange", () => { if (!document.hidden && closed) { closed = false; notice(); listen(); } });

  // --- what the person sends ---
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  async function post(fields, fresh) {
    const file = fields instanceof FormData, body = file ? fields : new URLSearchParams(fields);
    body.set("token", form.elements.token.value);
    body.set("live", source && source.readyState === 1 ? "1" : "0");
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), file ? 600000 : 30000);
    try {
      const answer = await fetch(file ? "/chat/picture" : "/chat", { method: "POST", body, headers: { Accept: "application/json" }, signal: abort.signal });
      // The server was restarted since this page was made: fetch its new token, once.
      if (answer.status === 403 && !fresh) { await fetchNew(); return await post(fields, true); }
      const news = await answer.json();
      if (!answer.ok) throw new Error(news.error);
      notice();
      news.letters.forEach(show);
    } finally { clearTimeout(timer); }
  }

  // One after the other, so that nothing overtakes what was written before it.
  let queue = Promise.resolve();
  const inTurn = (act) => { queue = queue.then(act, act); return queue; };

  function draw(item) {
    const row = find("own").content.firstElementChild.cloneNode(true);
    row.id = "o-" + item.id;
    row.querySelector("p").textContent = item.text;
    row.querySelector(".hidden").textContent = word("web-you");
    log.append(row);
    toEnd();
  }

  function mark(item, state) {
    const bubble = find("o-" + item.id).firstElementChild;
    bubble.dataset.state = state;
    bubble.querySelector("small").textContent = word("web-" + state);
    const old = bubble.querySelector(".again");
    if (old) old.remove();
    if (state !== "failed") return;
    const resend = document.createElement("button");
    resend.type = "button";
    resend.className = "key again";
    resend.textContent = word("web-resend");
    resend.onclick = () => { box.focus({ preventScroll: true }); deliver(item); };
    bubble.append(resend);
  }

  function deliver(item) {
    mark(item, "sending");
    return inTurn(async () => {
      thinking(true);
      try {
        await post({ id: item.id, seen: item.seen, text: item.text });
        kept.out = kept.out.filter((each) => each.id !== item.id);
        keep();
        if (find("o-" + item.id)) mark(item, "sent");
      } catch (failed) {
        thinking(false);
        if (find("o-" + item.id)) mark(item, "failed");
        if (words[html.lang][failed.message]) notice(failed.message);
      }
    });
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.form !== form) return;
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    const item = { id: newId(), seen: last, text };
    kept.out.push(item);
    kept.draft = box.value = "";
    keep();
    grow();
    notice();
    draw(item);
    deliver(item);
  });

  // The second half of a double tap would press what has come to lie under the finger, unread.
  let tapped = null;
  document.addEventListener("click", (event) => {
    const key = event.target.closest("button.key"), what = key && key.value;
    if (key && event.detail > 1 && what !== tapped) event.preventDefault(); else tapped = what;
  }, true);

  // What a button carries keeps its id until it got through: pressing again is never taken twice.
  const pressing = new Map();
  press.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    const carried = button.name + button.value;
    if (!pressing.has(carried)) pressing.set(carried, newId());
    button.setAttribute("aria-busy", "true");
    notice();
    inTurn(async () => {
      thinking(true);
      try {
        await post({ id: pressing.get(carried), seen: last, [button.name]: button.value });
        pressing.delete(carried);
      } catch (failed) {
        thinking(false);
        notice(words[html.lang][failed.message] ? failed.message : "web-failed");
      } finally { button.removeAttribute("aria-busy"); }
    });
  });

  picture.addEventListener("submit", (event) => {
    const button = event.submitter;
    event.preventDefault();
    if (!button || button.getAttribute("aria-busy") === "true") return;
    if (!pressing.has(picture)) pressing.set(picture, newId());
    button.setAttribute("aria-busy", "true");
    notice();
    inTurn(async () => {
      thinking(true);
      try {
        const fields = new FormData(picture);
        fields.set("id", pressing.get(picture));
        fields.set("seen", last);
        await post(fields);
        pressing.delete(picture);
        picture.reset();
      } catch (failed) {
        thinking(false);
        notice(words[html.lang][failed.message] ? failed.message : "web-failed");
      } finally { button.removeAttribute("aria-busy"); }
    });
  });

  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = box.scrollHeight + 2 + "px";
  };
  box.addEventListener("input", () => { kept.draft = box.value; keep(); grow(); });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  if (!box.value) box.value = kept.draft;
  kept.out = kept.out.filter((each) => !find("o-" + each.id));
  if (log.lastElementChild) log.lastElementChild.scrollIntoView();
  kept.out.forEach((each) => { draw(each); mark(each, "failed"); });
  grow();
  listen();
})();
