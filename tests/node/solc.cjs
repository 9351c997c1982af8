#!/usr/bin/env node
// The compiler of the npm package as forge wants one: a program that says its version, or reads standard JSON and answers it.
const solc = require('solc');

if (process.argv.includes('--version')) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else {
  const input = require('node:fs').readFileSync(0, 'utf8');
  process.stdout.write(solc.compile(input));
}
