/** What needs somebody's consent: that the page asks nodes at all, and that it keeps an address. */

/** Under which the address is kept on this device. */
const KEY = "evm-lanes.node";

/** Whether this page may ask nodes: unless it says `<meta name="evm-lanes-nodes" content="off">`, as one that is embedded does. */
export function nodesAllowed(page: ParentNode = document): boolean {
  return page.querySelector<HTMLMetaElement>('meta[name="evm-lanes-nodes"]')?.content !== "off";
}

/** The address that somebody wanted kept. */
export function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // Some browsers refuse even to be asked.
    return null;
  }
}

/** Keeps an address on this device, or forgets the one that is kept. */
export function remember(address: string | null): void {
  try {
    if (address === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, address);
  } catch {
    // It is typed again the next time.
  }
}
