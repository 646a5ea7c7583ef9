/* global document, EventSource, location, sessionStorage, URLSearchParams, window */
// Shows a page of the studio again when a file that it shows is saved, where the reader was in it.
const page = document.querySelector('[data-revision]');
const place = `scrolled to ${location.pathname}`;
const kept = sessionStorage.getItem(place);
if (kept !== null) window.scrollTo(0, Number(kept));
sessionStorage.removeItem(place);

let changes = null;
function listen() {
  const { of, revision } = page.dataset;
  const asked = new URLSearchParams({ since: revision, ...(of ? { of } : {}) });
  changes = new EventSource(`/studio/.changes?${asked}`);
  changes.addEventListener('saved', () => {
    changes.close();
    sessionStorage.setItem(place, String(window.scrollY));
    location.reload();
  });
}
if (page !== null) {
  // A browser has few connections to one server: pages that nobody sees keep none.
  document.addEventListener('visibilitychange', () => {
    changes?.close();
    if (document.visibilityState === 'visible') listen();
  });
  if (document.visibilityState === 'visible') listen();
}
