#!/usr/bin/env node
// The Solidity compiler that npm has, as forge calls one: `--version`, and `--standard-json` with all sources on stdin.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const soljson = require(path.join(__dirname, "soljson.js"));

const asked = process.argv.slice(2);
if (asked.includes("--version")) {
  const version = soljson.cwrap("solidity_version", "string", [])();
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${version}`);
} else if (asked.includes("--standard-json")) {
  const compile = soljson.cwrap("solidity_compile", "string", ["string", "number", "number"]);
  // No call back for sources that are missing: forge brings all of them.
  process.stdout.write(`${compile(fs.readFileSync(0, "utf8"), 0, 0)}\n`);
} else {
  console.error("solc: only --version and --standard-json are answered here");
  process.exitCode = 2;
}
