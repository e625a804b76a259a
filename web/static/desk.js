// The moderators' desk: cards that come and go, order and search, keys. The line and sheets: board.js.
(() => {
  "use strict";
  const told = document.body.dataset, html = document.documentElement;
  const all = (query, inside = document) => [...inside.querySelectorAll(query)];
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent("board-" + name, { detail }));
  const on = (name, take) => document.addEventListener("board-" + name, (event) => take(event.detail));

  // --- cards ---
  const lists = Object.fromEntries(all(".column").map((each) => [each.id, each.querySelector("ol")]));
  const flagged = (card) => "flagged" in card.dataset;
  const older = (a, b) => a.dataset.order - b.dataset.order;
  const sorted = { oldest: older, newest: (a, b) => older(b, a),
    supported: (a, b) => b.dataset.supports - a.dataset.supports || older(a, b) };
  const ways = {};
  // What holds a word of the community's list comes last, whatever the order.
  const way = (column) => (a, b) => flagged(a) - flagged(b) || sorted[ways[column] || "oldest"](a, b);

  function place(card, column) {
    const list = lists[column], compare = way(column), cards = list.children;
    let low = 0, high = cards.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(cards[middle], card) <= 0) low = middle + 1; else high = middle;
    }
    list.insertBefore(card, cards[low] || null);
    sift(card);
  }

  function count() {
    const shown = {};
    for (const [name, list] of Object.entries(lists)) {
      let hidden = 0;
      if (sifting()) for (const card of list.children) hidden += card.hidden;
      shown[name] = String(list.children.length - hidden);
      list.classList.toggle("bare", shown[name] === "0");
    }
    all("[data-count]").forEach((each) => {
      const many = shown[each.dataset.count];
      if (each.textContent !== many) each.textContent = many;
    });
  }

  const holder = document.createElement("template");
  function deal(cards) {
    let arrived = false;
    const focused = document.activeElement;
    for (const { id, column, html: made } of cards) {
      const old = document.getElementById("q" + id);
      const had = old && old.contains(focused), list = old && old.parentElement;
      const next = had ? beyond(old) : null;
      const key = had ? focused.dataset.key : null;
      const unfolded = old ? all("details", old).map((each) => each.open) : [];
      if (old) old.remove();
      if (!column) { if (had) (next || list).focus({ preventScroll: true }); continue; }
      holder.innerHTML = made;
      const card = holder.content.firstElementChild;
      // What somebody has unfolded to read it stays so.
      if (list === lists[column]) all("details", card).forEach((each, at) => { each.open = !!unfolded[at]; });
      place(card, column);
      if (list !== lists[column]) card.classList.add("moved");
      if (!old && column === "new") arrived = true;
      // Where it went on, the next one is to be looked at; where it stays, nothing is to move.
      if (had && list === lists[column]) (card.querySelector(`[data-key="${key}"]`) || card).focus({ preventScroll: true });
      else if (had) (next || list).focus();
    }
    count();
    tell("dealt");
    if (arrived) tell("say", told.arrived);
  }

  on("cards", deal);
  on("present", (ids) => {
    all(".card").forEach((each) => { if (!ids.has(each.id.slice(1))) each.remove(); });
    count();
  });

  const mailed = document.getElementById("mailed");
  on("mailed", (words) => { if (mailed.textContent !== words) mailed.textContent = words; });

  all("[data-sorts]").forEach((each) => {
    each.hidden = false;
    each.addEventListener("change", () => {
      const list = lists[each.dataset.sorts];
      ways[each.dataset.sorts] = each.value;
      list.append(...[...list.children].sort(way(each.dataset.sorts)));
      list.scrollTop = 0;
    });
  });

  // --- finding: letters that people type for one another are one ---
  const bare = { "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ی": "ي", "ێ": "ي", "ې": "ي",
    "ؤ": "و", "ۆ": "و", "ة": "ه", "ە": "ه", "ھ": "ه", "ہ": "ه", "ک": "ك", "گ": "ك", "ڪ": "ك", "ڕ": "ر", "ڵ": "ل", "ء": "" };
  const known = new WeakMap();
  const fold = (words) => words.normalize("NFC").toLowerCase().replace(/[\p{M}\p{Cf}ـ]/gu, "")
    .replace(/[أإآٱىئیێېؤۆةەھہکگڪڕڵء]/g, (letter) => bare[letter])
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660).replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0)
    .replace(/\s+/g, " ").trim();
  const words = (card) => {
    if (!known.has(card)) known.set(card, fold(all(".text", card).map((each) => each.textContent).join(" ")));
    return known.get(card);
  };

  const find = document.getElementById("find"), which = document.getElementById("which");
  find.parentElement.hidden = which.parentElement.hidden = false;
  let looked = "", only = "";
  const sifting = () => looked !== "" || only !== "";
  const fits = {
    wanted: (card) => card.dataset.supports > 0,
    alike: (card) => "alike" in card.dataset,
    untranslated: (card) => !("translated" in card.dataset),
    lang: (card, code) => card.dataset.lang === code,
    tag: (card, name) => (card.dataset.tags || "").split(" ").includes(name),
  };
  const holds = (card, sought) => sought.split(" ").every((word) => words(card).includes(word));
  function sift(card) {
    const [name, value] = only.split(":");
    card.hidden = !((!only || fits[name](card, value)) && (!looked || holds(card, looked)));
  }
  let later = 0, typing = 0;
  function search() {
    looked = fold(find.value);
    only = which.value;
    all(".card").forEach(sift);
    count();
    clearTimeout(later);
    const many = all(".card").filter((each) => !each.hidden).length;
    later = setTimeout(() => { if (sifting()) tell("say", told.found + " " + many); else tell("say", ""); }, 700);
  }
  find.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(search, 120); });
  which.addEventListener("change", search);
  find.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && find.value) { event.preventDefault(); find.value = ""; search(); }
  });

  // With which one a question is to be merged may be any that lies here.
  const MOST = 25;
  on("sheet", (sheet) => {
    const form = sheet.querySelector("form.merge"), seek = sheet.querySelector("[data-finds]");
    if (!form || !seek) return;
    const offered = form.querySelector(".choices"), found = form.querySelector(".found");
    const own = form.elements.do.value.split(".")[1];
    seek.addEventListener("input", () => {
      // Looked up each time: the line puts a new card in the place of the old one.
      const sought = fold(seek.value), mine = document.getElementById("q" + own);
      // Of two lists of one choice the keyboard would reach the first one only.
      if (sought) offered.remove(); else found.before(offered);
      found.hidden = sought === "";
      found.replaceChildren();
      if (!sought) return;
      let left = MOST;
      for (const card of all(".card")) {
        if (!left || card === mine || flagged(card) || (mine && fits.tag(card, "idea") !== fits.tag(mine, "idea")) || card.querySelector("[data-key=R]:only-child") || !holds(card, sought)) continue;
        found.append(choice(card));
        left -= 1;
      }
      if (left === MOST) found.textContent = document.querySelector(".column > .none").textContent;
    });
  });
  function choice(card) {
    const label = document.createElement("label"), radio = document.createElement("input");
    const words = card.querySelector(".text bdi").cloneNode(true), span = document.createElement("span");
    label.className = "choice";
    Object.assign(radio, { type: "radio", name: "into", value: card.id.slice(1) + "." + card.dataset.seen, required: true });
    span.append(words);
    label.append(radio, span);
    return label;
  }

  // --- whoever declines says why ---
  const act = document.getElementById("act"), why = document.getElementById("why");
  document.addEventListener("submit", (event) => {
    const button = event.submitter, reason = act.elements.reason;
    if (event.target !== act || !button || !button.value.startsWith("declined.") || !reason.disabled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const words = button.closest(".card").querySelector(".text").cloneNode(true);
    why.querySelector(".text").replaceWith(words);
    why.returnValue = "";
    why.querySelector("textarea").value = "";
    why.querySelector("details").open = false;
    why.onclose = () => {
      button.focus({ preventScroll: true });
      if (!why.returnValue) return;
      const own = why.returnValue === "own" ? why.querySelector("textarea").value.trim() : "";
      if (why.returnValue === "own" && !own) return;
      reason.value = own ? "" : why.returnValue;
      act.elements.own.value = own;
      reason.disabled = act.elements.own.disabled = false;
      // The card may have been made anew meanwhile; what was read is what is declined.
      const gone = !button.isConnected;
      if (gone) act.append(button);
      act.requestSubmit(button);
      if (gone) button.remove();
    };
    why.showModal();
  }, true);

  // --- keys: only with a question in focus, so that nothing happens by mistake ---
  const visible = (card, by) => { do card = card && card[by]; while (card && card.hidden); return card; };
  const beyond = (card) => visible(card, "nextElementSibling") || visible(card, "previousElementSibling");
  const first = (inside) => inside.querySelector(".card:not([hidden])");
  function beside(card, by) {
    const there = all(".column").filter(first), at = there.indexOf(card.closest(".column"));
    const to = there[at + by];
    return to && first(to);
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("dialog, select, input")) return;
    const card = event.target.closest(".card"), forward = html.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (!card) {
      const to = event.key === "ArrowDown" && !event.target.closest(".menu") && first(document);
      if (to) { event.preventDefault(); to.focus(); }
      return;
    }
    // Whoever begins to write before the sheet is there presses no other button by that.
    if (card.querySelector("[aria-busy=true]")) { event.preventDefault(); return; }
    let to = null;
    if (event.key === "ArrowDown") to = visible(card, "nextElementSibling");
    else if (event.key === "ArrowUp") to = visible(card, "previousElementSibling");
    else if (event.key === "Home") to = first(card.parentElement);
    else if (event.key === "End") to = [...card.parentElement.children].filter((each) => !each.hidden).at(-1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") to = beside(card, event.key === forward ? 1 : -1);
    else if (event.code.startsWith("Key")) {
      // By the place of the key: on an Arabic keyboard the letters are others.
      const button = card.querySelector(`[data-key="${event.code.slice(3)}"]`);
      // What is folded away has ways that are not there yet.
      if (button && getComputedStyle(button).display !== "none") { event.preventDefault(); button.focus({ preventScroll: true }); button.click(); }
      return;
    } else return;
    event.preventDefault();
    if (to) { to.focus({ preventScroll: true }); to.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  });
  count();
})();
