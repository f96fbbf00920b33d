// Writes artifacts/SmartLinkAnchor.json from what forge has built: interface and bytes, for who deploys and calls the contract.
// With --check it changes nothing, and fails when the file is not what is built.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const name = "SmartLinkAnchor";
const file = join(here, "artifacts", `${name}.json`);

const { abi, bytecode, deployedBytecode } = JSON.parse(readFileSync(join(here, "out", `${name}.sol`, `${name}.json`), "utf8"));
// No more than that: what forge writes besides differs with what it built along.
const built = {
  contractName: name,
  abi,
  bytecode: { object: bytecode.object },
  deployedBytecode: { object: deployedBytecode.object },
};
const text = `${JSON.stringify(built, null, 2)}\n`;

if (!process.argv.includes("--check")) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`written: ${file}`);
} else if (readFileSync(file, "utf8") !== text) {
  console.error(`${file} is not what is built: run \`forge build\` and \`node artifact.mjs\`, and look at the difference`);
  process.exitCode = 1;
}
