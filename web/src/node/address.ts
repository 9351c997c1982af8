/** Where a node is, as somebody typed it: what is no address a page can ask is refused with a sentence that says what to do. */

/** Or why not. */
export type Address = { readonly url: string } | { readonly problem: string };

/** Checks an address; `secure` is whether the page itself came over https. */
export function readAddress(typed: string, secure: boolean): Address {
  const text = typed.trim();
  if (text === "") return { problem: "Say where the node is: http://127.0.0.1:8545, for instance." };
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { problem: "The address must begin with http:// or https://." };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { problem: "This is no address. One looks like http://127.0.0.1:8545 or https://rpc.example/key." };
  }
  if (/^wss?:$/.test(url.protocol)) return { problem: "The page asks nodes over http:// or https://, not over WebSocket; most nodes answer at the same place by both." };
  if (!/^https?:$/.test(url.protocol)) return { problem: `The address must begin with http:// or https://, not with ${url.protocol}//.` };
  if (url.username !== "" || url.password !== "") {
    return { problem: "The address has a user name or a password in it, which browsers do not send. Use an address with a key in its path, or a node that asks for none." };
  }
  if (secure && url.protocol === "http:" && !isLoopback(url.hostname)) {
    return { problem: "This page came over https, and browsers do not let such a page ask a node over http:// unless it is on this machine. Use its https:// address, or open the page from this machine (cargo xtask play)." };
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
