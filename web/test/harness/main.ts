// The page with an engine that answers from fixtures, to look at it and to test it at any size without wasm:
// /test/harness/?transactions=1000&workers=8&shared=20&contention=0.6&seed=3&fail=panicked
// With &report=URL it shows that report instead, as `evm-lanes run --json` writes it.
import { EngineError } from "../../src/engine/errors.ts";
import type { ErrorCode } from "../../src/engine/protocol.ts";
import type { Options, Report } from "../../src/engine/types.ts";
import { startSession, type EngineLike } from "../../src/session.ts";
import { initialState, reduce } from "../../src/state/state.ts";
import { createStore } from "../../src/state/store.ts";
import { AppPage } from "../../src/view/app-page.ts";
import { shortHex } from "../../src/view/format.ts";
import { fixture, fixtureComparison, fixtureCurve, fixtureWhatIf } from "../fixture.ts";

const query = new URLSearchParams(location.search);
const number = (key: string, otherwise: number): number => Number(query.get(key) ?? otherwise);
const given = query.get("report");
const loaded = given ? ((await (await fetch(given)).json()) as Report) : null;
const made = new Map<number, Report>();
const report = ({ workers = number("workers", 4) }: Partial<Options>): Report => {
  if (loaded) return loaded;
  let it = made.get(workers);
  if (!it) made.set(workers, (it = make(workers)));
  return it;
};
const make = (workers: number): Report =>
  fixture({
    transactions: number("transactions", 12),
    workers,
    seed: number("seed", 3),
    shared: number("shared", 3),
    contention: number("contention", 0.6),
  });

const engine: EngineLike = {
  ready: Promise.resolve({ executor: "threads", build: "threads", reason: "2 workers on shared memory.", workers: 2, version: "0" }),
  check: async (text) => {
    const bad = text.indexOf("oops");
    const line = text.slice(0, bad).split("\n").length;
    return {
      title: loaded?.scenario.title ?? "A fixture, made for looking at the page",
      description: "…",
      diagnostics:
        bad < 0
          ? []
          : [{ severity: "error", line, column: 1, endLine: line, endColumn: 5, path: "", message: "This is not a value.", hint: "Write a number." }],
      rows:
        bad >= 0
          ? []
          : report({}).transactions.map((t) => {
              const { accounts } = report({});
              const name = (k: number) => accounts[k].name ?? shortHex(accounts[k].address);
              return { path: t.path, label: t.label, from: name(t.from), to: t.to === null ? null : name(t.to), call: t.call ?? "", value: t.value, gasLimit: t.gasLimit };
            }),
    };
  },
  run: async (_text, options = {}) => {
    const code = query.get("fail") as ErrorCode | null;
    if (code) throw new EngineError(code, "made up", []);
    return report(options);
  },
  curve: async (_text, options) => fixtureCurve(report(options)),
  whatIf: async (_text, options, changes) => fixtureWhatIf(report(options), changes),
  tell: async () => null,
  opcodes: async () => null,
  compare: async (_text, options = {}) => fixtureComparison(report(options)),
};

const store = createStore(reduce, initialState('// A made-up scenario\n{\n  "version": 1,\n  "title": "fixture",\n  "transactions": []\n}\n', null));
const page = new AppPage();
page.store = store;
page.session = startSession(store, engine);
document.body.replaceChildren(page);
Object.assign(window, { store });
store.dispatch({ type: "typed", text: `${store.state.text}\n` });
void page.session.run();
