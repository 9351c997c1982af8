import type { SnippetId } from "../../embed/snippets.ts";

/** The dialog that writes what an author puts into a page. */
export const embedding = {
  title: "Embed this figure",
  for: "For",
  onClick: "runs when clicked",
  views: "Views",
  viewNames: {
    graph: "graph",
    timeline: "lanes",
    speedup: "speedup",
    locations: "hot locations",
    transactions: "transactions",
    detail: "selection",
    state: "state",
  },
  defaultTitle: "Transactions in parallel",
  tooLong: (characters: string, attribute: unknown): readonly unknown[] => [
    `This scenario has ${characters} characters, too many for an address: take the element instead, or put it into a file and name that with the element's `,
    attribute,
    ".",
  ],
  snippet: "What to put into the page",
  siteSnippet: "What to put into the site's settings",
  /** Where that is, for the tools that have it. */
  sites: { mdx: "Once, in docusaurus.config.js:", vitepress: "Once, in .vitepress/config.js:" } as Partial<Record<SnippetId, string>>,
  copy: "Copy",
  copied: "Copied.",
  notCopied: "The browser does not permit it: select the text and copy it.",
  kinds: {
    element: { name: "Element", note: "Any HTML page. It takes the page's colours and is as high as its content." },
    iframe: { name: "Frame", note: "Any page that allows frames, also in the tools below; no script of the page's own." },
    sandbox: {
      name: "Frame in a sandbox",
      note: "The frame has no origin: no storage, no access to anything. It runs on threads all the same.",
    },
    mdbook: { name: "mdBook", note: "In a chapter, with an empty line before and after." },
    mdx: {
      name: "Docusaurus, MDX",
      note: "In a page (.md or .mdx).",
    },
    vitepress: { name: "VitePress", note: "In a page." },
    sphinx: { name: "Sphinx (reStructuredText)", note: "In a page (.rst)." },
    myst: { name: "MyST", note: "In a page (.md)." },
  },
};
