/** Where a node is, as somebody typed it: what is no address a page can ask is refused with a sentence that says what to do. */

import { node as words } from "../text/node.ts";

/** Or why not. */
export type Address = { readonly url: string } | { readonly problem: string };

/** Checks an address; `secure` is whether the page itself came over https. */
export function readAddress(typed: string, secure: boolean): Address {
  const text = typed.trim();
  if (text === "") return { problem: words.noAddress };
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { problem: words.noScheme };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { problem: words.notAddress };
  }
  if (/^wss?:$/.test(url.protocol)) return { problem: words.webSocket };
  if (!/^https?:$/.test(url.protocol)) return { problem: words.otherScheme(url.protocol) };
  if (url.username !== "" || url.password !== "") {
    return { problem: words.credentials };
  }
  if (secure && url.protocol === "http:" && !isLoopback(url.hostname)) {
    return { problem: words.insecure };
  }
  // Never sent, but it would be kept.
  url.hash = "";
  return { url: url.href };
}

/** An address without its path, in which providers put keys. */
export function withoutSecrets(address: string): string {
  const { origin, pathname, search } = new URL(address);
  return pathname === "/" && search === "" ? origin : `${origin}/…`;
}

/** What browsers trust without https. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}
