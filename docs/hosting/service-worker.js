// For hosts where no headers can be set (GitHub Pages): as service-worker.js beside embed.html, together with isolate.js. It adds
// to every answer what isolates the pages of this folder. It cannot do so for a frame in another site's page, where browsers refuse
// service workers; there the figure runs on one worker.

const ISOLATION = {
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "cross-origin",
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (new URL(request.url).origin !== location.origin) return;
  event.respondWith(
    fetch(request).then((response) => {
      if (response.status === 0 || response.type === "opaque") return response;
      const headers = new Headers(response.headers);
      for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
      const embed = new URL(request.url).pathname.endsWith("/embed.html");
      if (embed) headers.set("Document-Isolation-Policy", "isolate-and-credentialless");
      else if (request.mode === "navigate") headers.set("Cross-Origin-Opener-Policy", "same-origin");
      // Some answers have no body, and may have none.
      const body = [101, 204, 205, 304].includes(response.status) ? null : response.body;
      return new Response(body, { status: response.status, statusText: response.statusText, headers });
    }),
  );
});
