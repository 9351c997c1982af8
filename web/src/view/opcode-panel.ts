import { html, nothing, type TemplateResult } from "lit";
import type { OpcodeTrace, Report } from "../engine/types.ts";
import { attemptInQuestion } from "../story.ts";
import type { State } from "../state/state.ts";
import { opcodes as words } from "../text/opcodes.ts";
import { OPCODES } from "../workshop/opcodes.ts";
import { StoreElement } from "./element.ts";
import { gas, integer, shortHex, word } from "./format.ts";

/** Lines around the one that is looked at. */
const AROUND = 8;
/** Bytes of memory in a line. */
const LINE = 32;

/** One attempt, instruction by instruction: what is about to run, and the stack, the memory and the storage before it. */
export class OpcodePanel extends StoreElement {
  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.stepping, state.instruction, attemptInQuestion(state)];
  }

  override render(): TemplateResult {
    const { finished, stepping } = this.state;
    if (!finished) return html`<p class="empty">${words.notYet}</p>`;
    const event = attemptInQuestion(this.state);
    if (event === null) return html`<p class="empty">${words.select}</p>`;
    const { transaction, incarnation } = finished.report.timeline.events;
    const known = stepping?.of === finished && stepping.event === event ? stepping.trace : undefined;
    return html`<div class="opcodes" tabindex="0" role="region" aria-label=${words.label} @keydown=${this.#key}>
      <p><strong>${words.attempt(transaction[event], incarnation[event])}</strong>${known ? html` <span class="quiet">${words.size(known.total, gas(known.gasUsed, false))}</span>` : nothing}</p>
      ${known === undefined
        ? html`<p class="empty">${words.executing}</p>`
        : known === null
          ? html`<p class="empty">${words.forgotten}</p>`
          : known.total === 0
            ? html`<p class="empty">${words.noCode}</p>`
            : this.#trace(finished.report, known)}
    </div>`;
  }

  #trace(report: Report, trace: OpcodeTrace): TemplateResult {
    const { total, first, counter, at } = trace;
    const go = (to: number) => () => this.#go(to);
    const end = Math.min(first + counter.length, at + AROUND + 1);
    const lines = Array.from({ length: Math.max(0, end - Math.max(first, at - AROUND)) }, (_, i) => Math.max(first, at - AROUND) + i);
    return html`<div class="transport" role="group" aria-label=${words.instructions}>
        <button type="button" class="icon" aria-label=${words.back} data-tip=${words.backTip} ?disabled=${at === 0} @click=${go(at - 1)}>◀</button>
        <button type="button" class="icon" aria-label=${words.on} data-tip=${words.onTip} ?disabled=${at + 1 >= total} @click=${go(at + 1)}>▶</button>
        <input
          type="range"
          aria-label=${words.instruction}
          aria-valuetext=${words.position(at + 1, total, name(trace, at))}
          min="0"
          max=${total - 1}
          .value=${String(at)}
          @input=${(e: Event) => this.#go(Number((e.target as HTMLInputElement).value))}
        />
        <output class="mono">${integer(at + 1)} / ${integer(total)}</output>
      </div>
      <table>
        <thead><tr><th scope="col" class="num">${words.counterHead}</th><th scope="col">${words.instructionHead}</th><th scope="col" class="num">${words.gasHead}</th><th scope="col" class="num">${words.depthHead}</th></tr></thead>
        <tbody>${lines.map(
          (i) => html`<tr class=${i === at ? "chosen" : ""} aria-current=${i === at ? "step" : nothing} @click=${go(i)}>
            <td class="mono num">${counter[i - first]}</td><td class="mono">${name(trace, i)}</td>
            <td class="mono num">${integer(trace.gas[i - first])}</td><td class="mono num">${trace.depth[i - first]}</td>
          </tr>`,
        )}</tbody>
      </table>
      <h3>${words.stack}</h3>
      ${trace.stack.length === 0
        ? html`<p class="quiet">${words.empty}</p>`
        : html`<ol class="mono">${trace.stack.map((value) => html`<li title=${value}>${word(value)}</li>`)}</ol>
            ${trace.height > trace.stack.length ? html`<p class="quiet">${words.more(trace.height - trace.stack.length)}</p>` : nothing}`}
      <h3>${words.memory(trace.memorySize)}</h3>
      ${trace.memorySize === 0 ? html`<p class="quiet">${words.empty}</p>` : html`<pre class="mono">${memoryLines(trace.memory)}</pre>`}
      <h3>${words.storage}</h3>
      ${trace.storage.length === 0
        ? html`<p class="quiet">${words.none}</p>`
        : html`<table><tbody>${trace.storage.map(
            ({ location, slot, value }) => html`<tr><th scope="row" class="mono">${location === null ? words.slot(shortHex(slot)) : report.locations[location].label}</th><td class="mono num" title=${value}>${word(value)}</td></tr>`,
          )}</tbody></table>`}
      <p class="quiet">${words.runsOn(html`<span class="mono" title=${trace.account}>${report.accounts.find(({ address }) => address === trace.account)?.name ?? shortHex(trace.account)}</span>`)}</p>`;
  }

  #go(at: number): void {
    const total = this.state.stepping?.trace?.total ?? 1;
    this.store.dispatch({ type: "instruction", at: Math.min(Math.max(0, at), total - 1) });
  }

  #key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { instruction } = this.state;
    const total = this.state.stepping?.trace?.total ?? 1;
    const to = { ArrowUp: instruction - 1, ArrowDown: instruction + 1, PageUp: instruction - 100, PageDown: instruction + 100, Home: 0, End: total - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#go(to);
  };
}

function name({ opcode, first }: OpcodeTrace, at: number): string {
  const byte = opcode[at - first];
  return OPCODES[byte]?.[0] ?? words.unknown(byte?.toString(16));
}

/** Words under each other, with the place of the first byte of each. */
function memoryLines(memory: string): string {
  const digits = memory.slice(2);
  const lines: string[] = [];
  for (let at = 0; at < digits.length; at += 2 * LINE) lines.push(`${(at / 2).toString(16).padStart(4, "0")}  ${digits.slice(at, at + 2 * LINE)}`);
  return lines.join("\n");
}

customElements.define("opcode-panel", OpcodePanel);
