// Beside service-worker.js, and in index.html and embed.html before their other scripts:
//   <script src="isolate.js"></script>
// The first visit registers the worker and loads the page again, once: only then its answers pass through the worker.

if (!self.crossOriginIsolated && self.isSecureContext && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(new URL("service-worker.js", document.currentScript.src)).then(
    () => navigator.serviceWorker.ready.then(() => {
      const again = new URL(location.href);
      // Where isolation is not to be had, not for ever.
      if (sessionStorage.getItem("evm-lanes-isolate") !== again.pathname) {
        sessionStorage.setItem("evm-lanes-isolate", again.pathname);
        location.reload();
      }
    }),
    () => undefined,
  );
}
