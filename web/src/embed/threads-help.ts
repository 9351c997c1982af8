import { html, type TemplateResult } from "lit";

/** Why there are no threads here, and what the reader or the page's author can do about it. */
export function threadsHelp(reason: string): TemplateResult {
  return html`<details class="threads" data-testid="threads-help">
    <summary>How to get threads</summary>
    <p>${reason} Results are the same; times on the measured clock are of that executor.</p>
    <ul>
      <li>Readers: open the figure in its own tab, or use a browser that lets a frame isolate itself (Chrome or Edge, 137 or newer).</li>
      <li>
        Authors: serve embed.html with Document-Isolation-Policy: isolate-and-credentialless, Cross-Origin-Embedder-Policy:
        require-corp and Cross-Origin-Resource-Policy: cross-origin. docs/hosting has this for common servers, and a service worker
        for those where headers cannot be set.
      </li>
    </ul>
  </details>`;
}
