// Pages that were run here open without a network as well. Whatever can be fetched is fetched, so that a new
// version of the book is seen at once; what cannot comes from the last visit.
const KEPT = "frontier-pages";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(event.data)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const ours = request.url.startsWith(self.registration.scope);
  const large = request.url.includes("/_static/here/engine/"); // download.js keeps these itself
  if (request.method !== "GET" || !ours || large) return;
  event.respondWith(answer(event));
});

async function answer({ request, waitUntil }) {
  const kept = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok && response.type === "basic") await kept.put(request, response.clone());
    return response;
  } catch (error) {
    const stored = await kept.match(request, { ignoreSearch: request.mode === "navigate" });
    if (stored) return stored;
    throw error;
  }
}
