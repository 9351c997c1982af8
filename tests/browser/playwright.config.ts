import { fileURLToPath } from "node:url";
import { defineConfig, type LaunchOptions } from "@playwright/test";

// `cargo xtask test` builds web/dist and names the browser; without a name Playwright's own is used.
const executablePath = process.env.CHROMIUM;

/** Two ports from here on; another place to run the tests at the same time takes others. */
const port = Number(process.env.EVM_LANES_TEST_PORT ?? 4310);
/** The built page, with the headers that isolate it and without them. */
export const ISOLATED = `http://127.0.0.1:${port}`;
export const NOT_ISOLATED = `http://127.0.0.1:${port + 1}`;

const serve = (url: string, isolation: "on" | "off") => ({
  command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --strictPort --port ${new URL(url).port}`,
  cwd: "../../web",
  env: { EVM_LANES_ISOLATION: isolation },
  url,
  reuseExistingServer: false,
});

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const chromium: LaunchOptions = {
  ...(executablePath ? { executablePath } : {}),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/** How Firefox is started: by what carries its protocol (firefox/relay.mjs), with the preferences that a test needs. */
export const firefox = (firefoxUserPrefs: LaunchOptions["firefoxUserPrefs"] = {}): LaunchOptions => ({
  executablePath: file("firefox/relay.mjs"),
  args: [],
  firefoxUserPrefs,
});

export default defineConfig({
  testDir: ".",
  outputDir: "results",
  // Every page brings a pool of workers of its own: one page at a time, or they measure each other.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  retries: 0,
  use: {
    baseURL: ISOLATED,
    viewport: { width: 1440, height: 1000 },
    // Each test is a first visit, and what is kept for later ones would only take its time; those that are about that allow it.
    serviceWorkers: "block",
    trace: "retain-on-failure",
    launchOptions: chromium,
  },
  projects: [
    { name: "chromium", testIgnore: ["firefox/**", "visual/**"] },
    {
      name: "visual",
      testMatch: "visual/*.spec.ts",
      snapshotPathTemplate: "visual/snapshots/{arg}{ext}",
      // At a quarter of its size, and of two fonts only (visual/fonts.conf).
      use: { deviceScaleFactor: 0.25, launchOptions: { ...chromium, env: { ...process.env, FONTCONFIG_FILE: file("visual/fonts.conf") } as Record<string, string> } },
    },
    // The Firefox that is installed, and not Playwright's own; without it these are skipped.
    {
      name: "firefox",
      testMatch: "firefox/*.spec.ts",
      expect: { timeout: 60_000 },
      use: { browserName: "firefox", channel: "moz-firefox", launchOptions: firefox() },
    },
  ],
  webServer: [serve(ISOLATED, "on"), serve(NOT_ISOLATED, "off")],
});
