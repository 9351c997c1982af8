/** embed.html: a figure in a frame, or in a window. Until it is seen, or clicked, there is only this script. */
import { frame as words } from "../text/addresses.ts";
import { language } from "../text/language.ts";
import { HostApi } from "./host-api.ts";
import type { Figure } from "./figure.ts";
import { POP_OUT } from "./interface.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings(location.search, location.hash);
document.documentElement.lang = language;
document.title = words.title;
const placeholder = document.createElement("div");
placeholder.className = "placeholder";
const main = document.createElement("main");
const heading = document.createElement("h1");
heading.className = "sr";
heading.textContent = document.title;
main.append(heading, placeholder);
document.body.replaceChildren(main);

const { theme } = settings;
if (theme !== "system") document.documentElement.dataset.theme = theme;

/** A window that a figure has opened shows none itself. */
const popOut = parent === window && location.hash.startsWith(POP_OUT);
let figure: Promise<Figure> | null = null;

/** The figure, loaded when it is first asked for. */
function obtain(): Promise<Figure> {
  return (figure ??= load());
}

async function load(): Promise<Figure> {
  placeholder.textContent = words.loading;
  try {
    const { showFigure } = await import("./figure.ts");
    const shown = await showFigure(main, settings, { base: new URL("./", document.baseURI).href }, api!.listener);
    placeholder.remove();
    return shown;
  } catch (error) {
    figure = null;
    offer(words.failed);
    throw error;
  }
}

/** Runs it once it is there, unless there is something to see already, or nothing to run. */
async function start(): Promise<void> {
  const shown = await obtain();
  if (shown.report === null && (settings.example ?? settings.scenario ?? settings.link) !== null) await shown.run();
}

function offer(invitation: string): void {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "primary";
  button.textContent = invitation;
  // What goes wrong is said in the figure.
  button.addEventListener("click", () => void start().catch(() => undefined));
  placeholder.replaceChildren(button);
}

const api = popOut ? null : new HostApi(settings, obtain);
new ResizeObserver(() => api?.say({ type: "size", height: Math.ceil(main.getBoundingClientRect().height) })).observe(main);

if (popOut) void import("./receive.ts").then(({ receive }) => receive(placeholder, location.hash.slice(POP_OUT.length + 1)));
else if (settings.start === "click" && settings.report === null) offer(words.run);
else {
  placeholder.textContent = "EVM Lanes";
  const seen = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    seen.disconnect();
    const shown = settings.start === "click" ? obtain() : start();
    shown.catch(() => undefined);
  });
  seen.observe(placeholder);
}

// Whose service worker it would be has to be said by whoever serves this page: by itself a figure has none.
if (!crossOriginIsolated && document.querySelector<HTMLMetaElement>('meta[name="evm-lanes-service-worker"]')?.content === "on") {
  const [{ isolate }, { registration }] = await Promise.all([import("../offline/visit.ts"), import("../offline/client.ts")]);
  const there = await registration();
  if (typeof there !== "string") await isolate(there).catch(() => undefined);
}
