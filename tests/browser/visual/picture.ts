// Pictures beside recorded ones, compared as one sees them from afar: by the mean colours of squares of 16 CSS pixels. How a machine
// smooths its letters changes those little; what has moved, is gone, or has lost its colour changes many of them much.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";

import { expect, test } from "../engine.ts";

/** A square has changed when its mean red, green or blue has, by more than this (of 255). */
const COLOUR = 14;
/**
 * So much of a picture's squares may have changed. Measured between runs: none; between letters smoothed in grey without hints and
 * in subpixels with slight ones: 0.01 at most; where a graph or lanes moved by 6 to 12 pixels or lost their colours: 0.12 and more.
 */
export const TOLERANCE = 0.03;

/**
 * Waits until a part of the page looks as it was recorded. With `--update-snapshots` a picture that does not is recorded again, and
 * with `--update-snapshots=all` every one; one that was never recorded fails, and is there the next time.
 */
export async function expectPicture(part: Page | Locator, name: string): Promise<void> {
  const path = pathOf(name);
  const { updateSnapshots } = test.info().config;
  const missing = !existsSync(path);
  if (missing || updateSnapshots === "all") {
    writeFileSync(path, await still(part));
    expect(missing && updateSnapshots === "missing", `${name} was not recorded before; look at it and keep it`).toBe(false);
    return;
  }
  let seen = await photograph(part);
  try {
    await expect.poll(async () => difference(part, (seen = await photograph(part)), readFileSync(path)), { message: name }).toBeLessThanOrEqual(TOLERANCE);
  } catch (error) {
    if (updateSnapshots === "changed") return writeFileSync(path, await still(part));
    await test.info().attach(`${name}, recorded`, { path, contentType: "image/png" });
    await test.info().attach(`${name}, now`, { body: seen, contentType: "image/png" });
    throw error;
  }
}

/** How much of a recorded picture's squares look otherwise now, from 0 to 1. */
export async function differenceFrom(part: Page | Locator, name: string): Promise<number> {
  return difference(part, await still(part), readFileSync(pathOf(name)));
}

function pathOf(name: string): string {
  return test.info().snapshotPath(name);
}

function photograph(part: Page | Locator): Promise<Buffer> {
  return part.screenshot({ animations: "disabled", caret: "hide", scale: "device" });
}

/** A picture of what does not change any more. */
async function still(part: Page | Locator): Promise<Buffer> {
  let before = await photograph(part);
  await expect
    .poll(async () => {
      const last = before;
      before = await photograph(part);
      return last.equals(before);
    })
    .toBe(true);
  return before;
}

/** Pictures of two sizes are compared in what both have, and the rest has changed. */
async function difference(part: Page | Locator, now: Buffer, recorded: Buffer): Promise<number> {
  const page = "page" in part ? part.page() : part;
  return page.evaluate(
    async ({ sources, side, colour }) => {
      // A decoder by hand is more than this needs: the page that is looked at can read pictures.
      const pictures = await Promise.all(
        sources.map(async (source) => {
          const bytes = Uint8Array.from(atob(source), (letter) => letter.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height);
        }),
      );
      const mean = ({ data, width, height }: ImageData, x: number, y: number): number[] => {
        const sums = [0, 0, 0, 0];
        for (let row = y; row < Math.min(y + side, height); row++) {
          for (let column = x; column < Math.min(x + side, width); column++) {
            for (let channel = 0; channel < 3; channel++) sums[channel] += data[4 * (row * width + column) + channel];
            sums[3]++;
          }
        }
        return sums.slice(0, 3).map((sum) => sum / sums[3]);
      };
      const [width, height] = [Math.max(...pictures.map((p) => p.width)), Math.max(...pictures.map((p) => p.height))];
      let [squares, changed] = [0, 0];
      for (let y = 0; y < height; y += side) {
        for (let x = 0; x < width; x += side) {
          squares++;
          const outside = pictures.some((picture) => x >= picture.width || y >= picture.height);
          const [a, b] = outside ? [] : pictures.map((picture) => mean(picture, x, y));
          if (!a || !b || a.some((value, channel) => Math.abs(value - b[channel]) > colour)) changed++;
        }
      }
      return changed / squares;
    },
    { sources: [now, recorded].map((bytes) => bytes.toString("base64")), side: 4, colour: COLOUR },
  );
}
