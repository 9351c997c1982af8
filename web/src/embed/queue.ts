/**
 * One figure runs at a time, among all that have this origin under one site: the others wait for their turn. They agree by a
 * broadcast channel, because a browser that gives frames of other sites no storage gives them no `navigator.locks` either. Two
 * may run at once if one does not answer in time; that costs time and nothing else.
 */
import { cancelled } from "../engine/errors.ts";

const NAME = "evm-lanes-run";
/** Milliseconds in which whoever is before us has answered, also if its page is busy: 40 were too few on a loaded machine. */
const ANSWER = 150;
/** A holder may have been closed without a word: after so many milliseconds it is asked again. */
const AGAIN = 1000;

/** Who was first; of two at the same time, the smaller name. */
interface Ticket {
  readonly time: number;
  readonly name: string;
}

type Words = { type: "claim"; ticket: Ticket } | { type: "wait"; to: string } | { type: "free" };

/** The part of a BroadcastChannel that is used; tests put their own in. */
export type Channel = Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;

/** Performs `task` when no other figure runs. `onWait` is told if that is not now. */
export async function inTurn<T>(
  task: () => Promise<T>,
  signal: AbortSignal | undefined,
  onWait: () => void,
  open: () => Channel = () => new BroadcastChannel(NAME),
): Promise<T> {
  const channel = open();
  const ticket: Ticket = { time: Date.now(), name: crypto.randomUUID() };
  const say = (words: Words): void => channel.postMessage(words);
  let running = false;
  let refused = false;
  let wake = (): void => undefined;
  channel.onmessage = ({ data }: MessageEvent<Words>) => {
    if (data.type === "claim") {
      if (running || isBefore(ticket, data.ticket)) say({ type: "wait", to: data.ticket.name });
    } else if (data.type === "free") wake();
    else if (data.to === ticket.name) refused = true;
  };
  const pause = (time: number, until?: (wake: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      until?.(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  const aborted = (): void => wake();
  signal?.addEventListener("abort", aborted);
  try {
    for (;;) {
      if (signal?.aborted) throw cancelled();
      refused = false;
      say({ type: "claim", ticket });
      await pause(ANSWER);
      if (!refused) break;
      onWait();
      await pause(AGAIN, (resolve) => (wake = resolve));
    }
    running = true;
    return await task();
  } finally {
    say({ type: "free" });
    channel.close();
    signal?.removeEventListener("abort", aborted);
  }
}

function isBefore(a: Ticket, b: Ticket): boolean {
  return a.time < b.time || (a.time === b.time && a.name < b.name);
}
