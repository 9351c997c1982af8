// Workers of a pool that the page starts for its coordinator, which talks to each over a port of its own. In a frame of another site
// Firefox leaves about one coordinator in ten waiting for ever inside `new Worker`; the page's own start each time.

import type { Response } from "./protocol.ts";
import type { PoolMember } from "./pool.ts";

export class PageWorkers {
  #respond: (response: Response, transfer: Transferable[]) => void;
  /** Those that were asked for and not ended. */
  #members = new Map<number, PoolMember>();
  #asked = 0;

  /** `respond` reaches the page. */
  constructor(respond: (response: Response, transfer: Transferable[]) => void) {
    this.#respond = respond;
  }

  /** Asks for a worker. What is posted to it meanwhile waits for it. */
  spawn = (): PoolMember => {
    const worker = this.#asked++;
    const { port1: port, port2 } = new MessageChannel();
    const member: PoolMember = {
      onmessage: null,
      onerror: null,
      postMessage: (request, transfer = []) => port.postMessage(request, transfer),
      terminate: () => {
        this.#members.delete(worker);
        port.close();
        this.#respond({ type: "pool-end", worker }, []);
      },
    };
    port.onmessage = ({ data }) => member.onmessage?.(data);
    this.#members.set(worker, member);
    this.#respond({ type: "pool-start", worker, port: port2 }, [port2]);
    return member;
  };

  /** What the page has to say of one that does not start, or is broken. */
  failed(worker: number, message: string): void {
    this.#members.get(worker)?.onerror?.(message);
  }
}
