// The `Failure` message of web/src/engine/protocol.ts, sent from whichever worker fails.

export function announce(channel, message) {
  new BroadcastChannel(channel).postMessage({ message });
}

export function watch(channel) {
  self.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    announce(channel, String(event.reason));
  });
}
