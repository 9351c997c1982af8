/**
 * `<evm-lanes>`: a figure in any page, as a frame of the site that this script is from. A thin shell: the engine, the views
 * and their styles are the frame's, and come when it is seen. docs/embed.md has everything it can be told.
 */
import type { Options, Report } from "../engine/types.ts";
import { frameTitle } from "../text/frame-title.ts";
import { fetchText } from "./fetch-text.ts";
import type { Figure, Listener } from "./figure.ts";
import { ATTRIBUTES, CUSTOM_PROPERTIES, EVENTS, type CustomProperty } from "./interface.ts";
import { envelope, openFromFrame, type ToFrame } from "./messages.ts";

export type { Options, Report };

/** What the element tells of a run. */
export type Verdict = Report["verdict"];

/** The events of the element and what they carry. */
export interface EvmLanesEvents {
  ready: CustomEvent<null>;
  run: CustomEvent<null>;
  report: CustomEvent<Verdict>;
  error: CustomEvent<{ code: string; message: string }>;
}

type Command = ToFrame & { id: number };
type Request = Command extends infer M ? (M extends Command ? Omit<M, "id"> : never) : never;

/** How high a figure is before it has said so, in CSS pixels. */
const HEIGHT = 480;

// Also imported where there is no document: on a server that renders pages.
const Base = globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

/** The element. */
export class EvmLanesElement extends Base {
  static readonly observedAttributes: readonly string[] = [...ATTRIBUTES.frame, ...ATTRIBUTES.element];
  /** Whether the figure answers. */
  ready = false;
  /** Whether a run is on its way. */
  running = false;
  /** Of the last report. */
  verdict: Verdict | null = null;
  #frame: HTMLIFrameElement | null = null;
  #figure: Promise<Figure> | null = null;
  #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #calls = 0;
  #greeted = Promise.withResolvers<void>();
  #rebuild = false;
  #ends: (() => void)[] = [];
  declare example: string | null;
  declare strategy: string | null;
  declare workers: string | null;
  declare clock: string | null;
  declare cost: string | null;
  declare seed: string | null;
  declare deltas: string | null;
  declare hints: string | null;
  declare repeats: string | null;
  declare granularity: string | null;
  declare view: string | null;
  declare theme: string | null;
  declare start: string | null;
  declare scenario: string | null;
  declare src: string | null;
  declare report: string | null;
  declare inline: string | null;
  declare base: string | null;
  declare sandbox: string | null;

  connectedCallback(): void {
    this.#build();
  }

  disconnectedCallback(): void {
    this.#end();
  }

  /** Another figure; attributes set one after another make only one. */
  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (!this.isConnected || before === after || this.#rebuild) return;
    this.#rebuild = true;
    queueMicrotask(() => {
      this.#rebuild = false;
      if (!this.isConnected) return;
      this.#end();
      this.#build();
    });
  }

  /** Runs the scenario. Rejects with what was wrong, also if it is cancelled. */
  async run(): Promise<void> {
    await this.#ask({ type: "run" });
  }

  /** Ends a run. */
  async cancel(): Promise<void> {
    await this.#ask({ type: "cancel" });
  }

  /** The report that is shown; `null` if there is none. */
  async getReport(): Promise<Report | null> {
    return (await this.#ask({ type: "get-report" })) as Report | null;
  }

  /** Replaces the scenario by this text. */
  async load(scenario: string): Promise<void> {
    await this.#ask({ type: "load", scenario });
  }

  /** Shows a report (its JSON) that was recorded elsewhere. */
  async showReport(report: string): Promise<void> {
    await this.#ask({ type: "show-report", report });
  }

  /** Changes how the next run is. */
  async configure(options: Partial<Options>): Promise<void> {
    await this.#ask({ type: "configure", options });
  }

  #build(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet();
    style.replaceSync(":host{display:block;min-width:0}:host([hidden]){display:none}iframe{display:block;width:100%;border:0;color-scheme:auto}");
    root.adoptedStyleSheets = [style];
    root.replaceChildren();
    if (this.hasAttribute("inline")) this.#buildInline(root);
    else this.#buildFrame(root);
    this.#followTheme();
    // What goes wrong with it is told by an event.
    this.#provide().catch((error: unknown) => this.#tell("error", { code: "invalid", message: wordsOf(error) }));
  }

  #end(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    for (const { reject } of this.#waiting.values()) reject(new Error("The figure was taken away."));
    this.#waiting.clear();
    void this.#figure?.then((figure) => figure.dispose());
    this.#figure = null;
    this.#frame?.remove();
    this.#frame = null;
    this.ready = this.running = false;
    this.#greeted = Promise.withResolvers<void>();
  }

  #base(): string {
    return new URL(this.getAttribute("base") ?? "./", this.hasAttribute("base") ? document.baseURI : import.meta.url).href;
  }

  /** Its own language, or that of the page around it. */
  #language(): string {
    return this.closest("[lang]")?.getAttribute("lang") || document.documentElement.lang;
  }

  /** What the frame is told in its address. */
  #query(): URLSearchParams {
    const query = new URLSearchParams();
    for (const name of ATTRIBUTES.frame) {
      const value = this.getAttribute(name);
      if (value !== null) query.set(name, value);
    }
    const language = this.#language();
    if (language !== "") query.set("lang", language);
    const scenario = this.getAttribute("scenario");
    if (scenario !== null && isName(scenario)) query.set("example", scenario);
    // It waits for what it is given, or there is nothing yet to run.
    if (this.#given() !== null || this.hasAttribute("report")) query.set("start", "click");
    query.set("parent", location.origin);
    return query;
  }

  #buildFrame(root: ShadowRoot): void {
    const base = this.#base();
    const url = new URL("embed.html", base);
    url.search = this.#query().toString();
    const frame = document.createElement("iframe");
    frame.part.add("frame");
    frame.title = this.getAttribute("title") ?? frameTitle(this.#language());
    frame.loading = "lazy";
    frame.allow = "cross-origin-isolated; clipboard-write; fullscreen";
    frame.referrerPolicy = "no-referrer";
    const sandbox = this.getAttribute("sandbox");
    if (sandbox !== null) frame.setAttribute("sandbox", sandbox === "" ? "allow-scripts allow-same-origin allow-popups allow-downloads" : sandbox);
    frame.style.height = `${HEIGHT}px`;
    frame.src = url.href;
    const origin = sandbox !== null && sandbox !== "" && !sandbox.includes("allow-same-origin") ? "null" : url.origin;
    const heard = (event: MessageEvent): void => {
      if (event.source !== null && event.source === frame.contentWindow && event.origin === origin) this.#hear(event.data, frame);
    };
    addEventListener("message", heard);
    this.#ends.push(() => removeEventListener("message", heard));
    this.#frame = frame;
    root.append(frame);
  }

  #buildInline(root: ShadowRoot): void {
    const listener: Listener = {
      run: () => this.#happened("run", null),
      report: ({ verdict }) => this.#happened("report", verdict),
      error: (code, message) => this.#happened("error", { code, message }),
    };
    const place = document.createElement("div");
    place.part.add("figure");
    place.style.minHeight = "120px";
    root.append(place);
    const begin = (): Promise<Figure> =>
      (this.#figure ??= import("./inline.ts").then(({ showInline }) => showInline(root, place, this.#query().toString(), this.#base(), listener)));
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      seen.disconnect();
      begin().then(
        (figure) => {
          this.ready = true;
          this.#greeted.resolve();
          this.#tell("ready", null);
          const scenario = this.getAttribute("scenario") ?? this.getAttribute("example");
          if (this.getAttribute("start") !== "click" && scenario !== null && isName(scenario) && !this.hasAttribute("report")) {
            figure.run().catch(() => undefined);
          }
        },
        (error: unknown) => this.#tell("error", { code: "unavailable", message: wordsOf(error) }),
      );
    });
    seen.observe(place);
    this.#ends.push(() => seen.disconnect());
  }

  /** A scenario that the page itself has: in the attribute, in a script inside, or in a file. */
  #given(): { text: string } | { url: URL } | null {
    const attribute = this.getAttribute("scenario");
    if (attribute !== null && !isName(attribute)) return { text: attribute };
    const src = this.getAttribute("src");
    if (src !== null) return { url: new URL(src, document.baseURI) };
    const text = this.querySelector('script[type="application/json"]')?.textContent;
    return text ? { text } : null;
  }

  /** Gives the figure what the page has for it. */
  async #provide(): Promise<void> {
    const given = this.#given();
    const report = this.getAttribute("report");
    if (given === null && report === null) return;
    const greeted = this.#greeted;
    const [scenario, recorded] = await Promise.all([
      given === null ? null : "text" in given ? given.text : fetchText(given.url),
      report === null ? null : fetchText(new URL(report, document.baseURI)),
    ]);
    await greeted.promise;
    if (greeted !== this.#greeted) return;
    if (scenario !== null) await this.load(scenario);
    if (recorded !== null) await this.showReport(recorded);
    else if (this.getAttribute("start") !== "click") this.#whenSeen(() => void this.run().catch(() => undefined));
  }

  #whenSeen(then: () => void): void {
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      seen.disconnect();
      then();
    });
    seen.observe(this);
    this.#ends.push(() => seen.disconnect());
  }

  async #ask(request: Request): Promise<unknown> {
    if (!this.isConnected) throw new Error("The element is in no document.");
    await this.#greeted.promise;
    if (this.#figure) return askInline(await this.#figure, request);
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ ...request, id } as Command);
    });
  }

  /** A frame without an origin can only be addressed as anybody: what is in it is the site's page all the same. */
  #post(message: ToFrame): void {
    const frame = this.#frame;
    if (!frame?.contentWindow) return;
    const opaque = frame.hasAttribute("sandbox") && !frame.sandbox.contains("allow-same-origin");
    frame.contentWindow.postMessage(envelope(message), opaque ? "*" : new URL(frame.src).origin);
  }

  #hear(data: unknown, frame: HTMLIFrameElement): void {
    const opened = openFromFrame(data);
    if (!("message" in opened)) return;
    const { message } = opened;
    switch (message.type) {
      case "ready":
        return this.#post({ type: "hello" });
      case "welcome":
        this.ready = true;
        this.#greeted.resolve();
        this.#sendTheme();
        return this.#tell("ready", null);
      case "size":
        frame.style.height = `${Math.min(message.height, 20_000)}px`;
        return;
      case "run":
        return this.#happened("run", null);
      case "report":
        return this.#happened("report", message.verdict);
      case "error":
        return this.#happened("error", { code: message.code, message: message.message });
      case "reply": {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (message.ok) waiting?.resolve(message.result);
        else waiting?.reject(new Error(message.message));
      }
    }
  }

  #happened<E extends keyof EvmLanesEvents>(type: E, detail: EvmLanesEvents[E]["detail"]): void {
    this.running = type === "run";
    if (type === "report") this.verdict = detail as Verdict;
    this.#tell(type, detail);
  }

  #tell<E extends (typeof EVENTS)[number]>(type: E, detail: EvmLanesEvents[E]["detail"]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** The host may change its colours at any time. */
  #followTheme(): void {
    const send = (): void => this.#sendTheme();
    const observer = new MutationObserver(send);
    for (const root of [document.documentElement, document.body]) observer.observe(root, { attributes: true });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", send);
    this.#ends.push(() => observer.disconnect(), () => dark.removeEventListener("change", send));
    if (this.hasAttribute("inline")) send();
  }

  #sendTheme(): void {
    const style = getComputedStyle(this);
    const chosen = this.getAttribute("theme");
    const scheme = chosen === "light" || chosen === "dark" ? chosen : isLight(style.color) ? "dark" : "light";
    if (this.hasAttribute("inline")) {
      // The figure's own properties are the host's, as long as the host has them.
      for (const [name, own] of Object.entries(CUSTOM_PROPERTIES)) {
        if (style.getPropertyValue(name).trim() === "") this.style.removeProperty(own);
        else this.style.setProperty(own, `var(${name})`);
      }
      this.dataset.theme = scheme;
      document.dispatchEvent(new Event("themechange"));
      return;
    }
    const properties: Partial<Record<CustomProperty, string>> = {};
    for (const name of Object.keys(CUSTOM_PROPERTIES) as CustomProperty[]) {
      const value = style.getPropertyValue(name).trim();
      if (value !== "") properties[name] = value.slice(0, 400);
    }
    if (this.ready) this.#post({ type: "theme", scheme, properties });
  }
}

// `lang` is a property of every element.
for (const name of EvmLanesElement.observedAttributes.filter((name) => name !== "lang")) {
  Object.defineProperty(EvmLanesElement.prototype, name, {
    get(this: EvmLanesElement) {
      return this.getAttribute(name);
    },
    set(this: EvmLanesElement, value: unknown) {
      if (value === null || value === undefined || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? "" : String(value));
    },
    enumerable: true,
    configurable: true,
  });
}

/** Examples are named in small letters, digits and hyphens, those of a folder with its name before them. */
function isName(scenario: string): boolean {
  return /^[a-z0-9-]+(\/[a-z0-9-]+)?$/.test(scenario.trim());
}

/** Text is light where the background is dark. */
function isLight(color: string): boolean {
  const [red, green, blue] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 140;
}

async function askInline(figure: Figure, request: Request): Promise<unknown> {
  switch (request.type) {
    case "run":
      return void (await figure.run());
    case "cancel":
      return void figure.cancel();
    case "get-report":
      return figure.report;
    case "load":
      return figure.load(request.scenario);
    case "show-report":
      return figure.showReport(request.report);
    case "configure":
      return figure.configure(request.options);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

declare global {
  interface HTMLElementTagNameMap {
    "evm-lanes": EvmLanesElement;
  }
}

if (globalThis.customElements && !customElements.get("evm-lanes")) customElements.define("evm-lanes", EvmLanesElement);
