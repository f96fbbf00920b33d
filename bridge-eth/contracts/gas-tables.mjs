// Prints the rows of the gas tables of docs/bridge.md from snapshots/.
// With --check it fails when a row is not in the document.
import { readFileSync } from "node:fs";

const at = (path) => new URL(path, import.meta.url);
const snapshot = (name) => JSON.parse(readFileSync(at(`snapshots/${name}.json`), "utf8"));
const figure = (number) => Number(number).toLocaleString("en-US");
const row = (cells) => `| ${cells.join(" | ")} |`;

const columns = ["checkpoint-new-place", "checkpoint-used-place", "handover-new-place", "handover-used-place"].map(snapshot);
const sizes = Object.keys(columns[0]).sort((one, other) => one - other);
const checkpoints = sizes.map((key) => {
  const validators = Number(key);
  const signatures = validators - Math.floor((validators - 1) / 3);
  return row([validators, signatures, ...columns.map((column) => figure(column[key]))]);
});

const [call, calldata, alone] = ["receipt-call", "receipt-calldata", "receipt-transaction"].map(snapshot);
const receipts = Object.keys(call).map((key) =>
  row([key, figure(call[key]), figure(calldata[key]), figure(Number(call[key]) + Number(calldata[key])), figure(alone[key])]),
);

const others = Object.entries(snapshot("other-call")).map(([key, gas]) => row([key, figure(gas)]));

const rows = [...checkpoints, ...receipts, ...others];
if (!process.argv.includes("--check")) {
  console.log(rows.join("\n"));
} else {
  const document = readFileSync(at("../../docs/bridge.md"), "utf8");
  const missing = rows.filter((line) => !document.includes(line));
  if (missing.length > 0) {
    console.error(`docs/bridge.md says other figures than snapshots/, which has:\n${missing.join("\n")}`);
    process.exitCode = 1;
  }
}
