/** embed.html as a window that a figure has opened: it takes what the figure hands over, and becomes the whole page with that. */
import { popOut as words } from "../text/pop-out.ts";
import { keep } from "./handed-over.ts";
import { HANDED_OVER } from "./interface.ts";
import { envelope, openFromOpener } from "./messages.ts";

/** Milliseconds in which an opener that is still there has answered. */
const PATIENCE = 10_000;

/** Shows in `place` what it waits for. `link` is what follows in the fragment: taken where nothing is handed over. */
export function receive(place: HTMLElement, link: string): void {
  const opener = globalThis.opener as Window | null;
  const giveUp = (): void => {
    if (link !== "") return location.replace(new URL(`./#${link}`, document.baseURI));
    place.textContent = words.nothing;
  };
  if (!opener) return giveUp();
  place.textContent = words.waiting;
  const timer = setTimeout(giveUp, PATIENCE);
  const ended = new AbortController();
  addEventListener(
    "message",
    ({ source, origin, data }) => {
      // Figures have this origin, or hand over nothing.
      if (source !== opener || origin !== location.origin) return;
      const opened = openFromOpener(data);
      if (!("message" in opened)) return;
      ended.abort();
      clearTimeout(timer);
      const { shared, report } = opened.message;
      keep({ shared, report }).then((key) => location.replace(new URL(`./${HANDED_OVER}${key}`, document.baseURI)), giveUp);
    },
    { signal: ended.signal },
  );
  // Nobody else than a figure of this site is to hear it.
  opener.postMessage(envelope({ type: "ready" }), location.origin);
}
