// The table that people look at, and what `cargo xtask bench` finds on the page.

import { listed, measure } from "./comparison.js";

globalThis.comparison = { measure };

const body = document.querySelector("tbody");
const button = document.querySelector("#measure");
const status = document.querySelector("#status");
const rounds = document.querySelector("#rounds");

const rows = new Map();
try {
  for (const { id, name } of await listed()) rows.set(id, { name, row: body.insertRow() });
} catch (error) {
  status.textContent = `${error.message}. Start this page by \`cargo xtask bench --page\`.`;
  button.disabled = true;
}
for (const { name, row } of rows.values()) fill(row, [name, "", "", "", "", ""]);

button.onclick = async () => {
  button.disabled = true;
  for (const [id, { name, row }] of rows) {
    try {
      const wanted = Math.max(1, rounds.valueAsNumber || 1);
      const { transactions, ours, theirs, ratio } = await measure(id, wanted, (round) => {
        status.textContent = `${name}: round ${round} of ${wanted}`;
      });
      fill(row, [name, transactions, milliseconds(ours), milliseconds(theirs), `${ratio.toFixed(0)}×`, "equal"]);
    } catch (error) {
      fill(row, [name, "", "", "", "", error.message]);
    }
  }
  status.textContent = "";
  button.disabled = false;
};

function fill(row, texts) {
  row.replaceChildren(...texts.map((text) => Object.assign(document.createElement("td"), { textContent: text })));
}

function milliseconds(time) {
  return `${time.toFixed(2)} ms`;
}
