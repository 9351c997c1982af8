/** The frame's end of the conversation with its host: who may say what, and what is answered. */
import type { Options } from "../engine/types.ts";
import { frame as words } from "../text/addresses.ts";
import type { Figure, Listener } from "./figure.ts";
import { CUSTOM_PROPERTIES, type CustomProperty } from "./interface.ts";
import { envelope, openFromHost, RateLimit, type ToFrame, type ToHost } from "./messages.ts";
import type { Settings } from "./settings.ts";

/** The part of a window that is used; tests put their own in. */
export interface Host {
  postMessage(message: unknown, targetOrigin: string): void;
}

/** What surrounds the frame. */
export interface Surroundings {
  /** Whom it listens to; `null` if it is nobody's frame. */
  readonly host: Host | null;
  readonly origin: string;
  listen(heard: (event: Pick<MessageEvent, "source" | "origin" | "data">) => void): void;
  now(): number;
  applyTheme(scheme: "light" | "dark", properties: Partial<Record<CustomProperty, string>>): void;
}

/** Listens to the window that holds the frame, and to nobody else. */
export class HostApi {
  /** To be told of what happens in the figure. */
  readonly listener: Listener = {
    run: () => this.say({ type: "run" }),
    report: ({ verdict }) => this.say({ type: "report", verdict }),
    error: (code, message) => this.say({ type: "error", code, message: message.slice(0, 10_000) }),
  };
  #around: Surroundings;
  #obtain: () => Promise<Figure>;
  /** Origins that may load scenarios. */
  #allowed: Set<string>;
  /** The host's origin, once it has said hello. */
  #origin: string | null = null;
  /** The last size, for a host that says hello later. */
  #size: (ToHost & { type: "size" }) | null = null;
  #rate = new RateLimit();

  constructor(settings: Pick<Settings, "parents">, obtain: () => Promise<Figure>, around: Surroundings = browserSurroundings()) {
    this.#around = around;
    this.#obtain = obtain;
    this.#allowed = new Set([around.origin, ...settings.parents]);
    if (!around.host) return;
    around.listen((event) => this.#hear(event));
    // It is not known yet who that is, so nothing else is said.
    around.host.postMessage(envelope({ type: "ready" }), "*");
  }

  /** Tells the host, if it has said hello. */
  say(message: ToHost): void {
    if (message.type === "size") this.#size = message;
    if (this.#origin !== null) this.#around.host?.postMessage(envelope(message), this.#origin);
  }

  #hear({ source, origin, data }: Pick<MessageEvent, "source" | "origin" | "data">): void {
    if (source === null || source !== (this.#around.host as unknown)) return;
    // A host without an origin cannot be answered without answering everybody.
    if (origin === "null" || (this.#origin !== null && origin !== this.#origin)) return;
    const { passes, tell } = this.#rate.pass(this.#around.now());
    if (!passes) {
      if (tell) this.say({ type: "error", code: "flood", message: "Too many messages in a second; the rest is not heard." });
      return;
    }
    const opened = openFromHost(data);
    if ("ignored" in opened) return;
    if ("wrong" in opened) {
      if (this.#origin === null) return;
      if (opened.id === null) this.say({ type: "error", code: "message", message: opened.wrong });
      else this.say({ type: "reply", id: opened.id, ok: false, result: null, message: opened.wrong });
      return;
    }
    const { message } = opened;
    if (message.type === "hello") {
      this.#origin = origin;
      this.say({ type: "welcome", version: "1" });
      if (this.#size) this.say(this.#size);
    } else if (this.#origin === null) {
      return;
    } else if (message.type === "theme") {
      this.#around.applyTheme(message.scheme, message.properties);
    } else {
      void this.#answer(message, origin);
    }
  }

  async #answer(message: ToFrame & { id: number }, origin: string): Promise<void> {
    const { id } = message;
    try {
      const result = await this.#perform(message, origin);
      this.say({ type: "reply", id, ok: true, result, message: "" });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.say({ type: "reply", id, ok: false, result: null, message: why.slice(0, 10_000) });
    }
  }

  async #perform(message: ToFrame & { id: number }, origin: string): Promise<unknown> {
    const figure = await this.#obtain();
    switch (message.type) {
      case "load":
        await this.#permit(figure, origin, words.wantsToLoad(origin, message.scenario.length));
        return void (await figure.load(message.scenario));
      case "show-report":
        await this.#permit(figure, origin, words.wantsToShow(origin));
        return void figure.showReport(message.report);
      case "configure":
        return void figure.configure({ ...message.options } as Partial<Options>);
      case "run":
        return void (await figure.run());
      case "cancel":
        return void figure.cancel();
      case "get-report":
        return figure.report;
    }
  }

  async #permit(figure: Figure, origin: string, question: string): Promise<void> {
    if (this.#allowed.has(origin)) return;
    const answer = await figure.ask(question);
    if (answer === "no") throw new Error("The reader did not permit it.");
    if (answer === "always") this.#allowed.add(origin);
  }
}

function browserSurroundings(): Surroundings {
  return {
    host: parent !== window ? parent : opener,
    origin: location.origin,
    listen: (heard) => addEventListener("message", heard),
    now: () => performance.now(),
    applyTheme(scheme, properties) {
      applyTheme(document.documentElement, scheme, properties);
      document.dispatchEvent(new Event("themechange"));
    },
  };
}

/** Gives the figure its host's colours and fonts; what is no colour is left out. */
export function applyTheme(root: HTMLElement, scheme: "light" | "dark", properties: Partial<Record<CustomProperty, string>>): void {
  root.dataset.theme = scheme;
  for (const [name, own] of Object.entries(CUSTOM_PROPERTIES) as [CustomProperty, string][]) {
    const value = properties[name] ?? "";
    const valid = CSS.supports(own === "--sans" || own === "--mono" ? "font-family" : "color", value);
    if (valid && !/url|var|env|image/i.test(value)) root.style.setProperty(own, value);
    else root.style.removeProperty(own);
  }
}
