#!/usr/bin/env node
// Stands for Firefox where Playwright starts it, and carries WebDriver BiDi between the two. Playwright sends commands that a
// Firefox of Debian does not know yet, and takes the refusal for a failure; those that only set what a page is told about its
// surroundings are answered here instead. What they would set, the projects of playwright.config.ts set by preferences.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { WebSocket, WebSocketServer } from "ws";

const firefox = spawn(process.env.FIREFOX ?? "firefox-esr", process.argv.slice(2), { stdio: ["inherit", "inherit", "pipe"] });
firefox.on("error", (error) => {
  console.error(String(error));
  process.exit(1);
});
firefox.on("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => firefox.kill(signal));

createInterface({ input: firefox.stderr }).on("line", (line) => {
  const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
  if (!address) return void console.error(line);
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("listening", () => console.error(`WebDriver BiDi listening on ws://127.0.0.1:${server.address().port}`));
  server.on("connection", (playwright, { url }) => carry(playwright, new WebSocket(`${address}${url}`)));
});

/** Carries messages both ways until one end closes. */
function carry(playwright, browser) {
  /** The ids of commands whose refusal is swallowed. */
  const optional = new Set();
  const waiting = [];
  playwright.on("message", (data) => {
    const text = String(data);
    if (text.includes('"emulation.')) optional.add(JSON.parse(text).id);
    if (browser.readyState === WebSocket.OPEN) browser.send(text);
    else waiting.push(text);
  });
  browser.on("open", () => waiting.forEach((text) => browser.send(text)));
  browser.on("message", (data) => {
    let text = String(data);
    if (optional.size > 0) {
      const { id, error } = JSON.parse(text);
      if (optional.delete(id) && error === "unknown command") text = JSON.stringify({ type: "success", id, result: {} });
    }
    playwright.send(text);
  });
  browser.on("close", () => playwright.close());
  playwright.on("close", () => browser.close());
}
