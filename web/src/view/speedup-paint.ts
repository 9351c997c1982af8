/** Draws the speedup chart where there are no style sheets: on a canvas, or into a file. The geometry is the page's. */
import { layoutSpeedup, type SpeedupInput } from "../layout/speedup.ts";
import { plain } from "./format.ts";
import type { Palette } from "./paint.ts";
import { newPath, type Target } from "./target.ts";

/** What stands beside the lines. */
export interface SpeedupWords {
  readonly workers: string;
  readonly curve: string;
  readonly bound: string;
  readonly ideal: string;
  /** Of the run's own point. */
  readonly here: string;
}

/** Room for the words under the chart. */
export const SPEEDUP_LEGEND = 26;

/** Draws it, with its legend under it. `height` is that of the chart alone. */
export function paintSpeedup(c: Target, palette: Palette, input: SpeedupInput, words: SpeedupWords): void {
  const chart = layoutSpeedup(input);
  const { plot } = chart;
  c.font = `11px ${palette.sans}`;
  c.textBaseline = "alphabetic";
  c.lineWidth = 1;
  c.strokeStyle = palette.line;
  c.fillStyle = palette.quiet;
  c.textAlign = "right";
  for (const { at, value } of chart.yTicks) {
    c.beginPath();
    c.moveTo(plot.left, at);
    c.lineTo(plot.right, at);
    c.stroke();
    c.fillText(`${plain(value)}×`, plot.left - 6, at + 4);
  }
  c.textAlign = "center";
  for (const { at, value } of chart.xTicks) c.fillText(String(value), at, plot.bottom + 15);
  c.fillText(words.workers, (plot.left + plot.right) / 2, input.height - 3);

  const lines = [
    { data: chart.ideal, words: words.ideal, colour: palette.edge, width: 1.5, dash: [1.5, 3] },
    { data: chart.bound, words: words.bound, colour: palette.ink, width: 1.5, dash: [6, 3] },
    { data: chart.curve, words: words.curve, colour: palette.focus, width: 2, dash: [] },
  ];
  for (const { data, colour, width, dash } of lines) stroke(c, newPath(c, data), colour, width, dash);
  c.lineWidth = 1.5;
  for (const { x, y } of chart.points) {
    c.beginPath();
    c.arc(x, y, 3, 0, 7);
    c.fillStyle = palette.surface;
    c.strokeStyle = palette.focus;
    c.fill();
    c.stroke();
  }
  if (chart.here) square(c, palette, chart.here.x, chart.here.y);

  let x = plot.left;
  const y = input.height + SPEEDUP_LEGEND / 2;
  c.textAlign = "left";
  const write = (text: string): void => {
    c.fillStyle = palette.ink;
    c.fillText(text, x, y + 4);
    x += c.measureText(text).width + 18;
  };
  for (const { words, colour, width, dash } of lines.reverse()) {
    const sample = newPath(c);
    sample.moveTo(x, y);
    sample.lineTo(x + 18, y);
    stroke(c, sample, colour, width, dash);
    x += 24;
    write(words);
  }
  if (chart.here) {
    square(c, palette, x + 5, y);
    x += 16;
    write(words.here);
  }
}

function stroke(c: Target, path: ReturnType<typeof newPath>, colour: string, width: number, dash: readonly number[]): void {
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.setLineDash([...dash]);
  c.stroke(path);
  c.setLineDash([]);
}

/** The run's own point. */
function square(c: Target, palette: Palette, x: number, y: number): void {
  c.beginPath();
  c.rect(x - 5, y - 5, 10, 10);
  c.fillStyle = palette.ink;
  c.fill();
  c.lineWidth = 1.5;
  c.strokeStyle = palette.surface;
  c.stroke();
}
