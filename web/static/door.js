// A second tap before the first was answered would drop that answer, and with it what the first has
// opened: links and codes work once. Without it the pages work, too.
(() => {
  "use strict";
  const AGAIN = 10000;
  let sent = -AGAIN;
  document.addEventListener("submit", (event) => {
    if (performance.now() - sent < AGAIN) event.preventDefault(); else sent = performance.now();
  });
  // Whoever comes back to the page may press once more.
  window.addEventListener("pageshow", () => { sent = -AGAIN; });
})();
