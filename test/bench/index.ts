/**
 * Measures, prints figures and aims, asserts nothing: `npm run bench [-- engine|growth|matches|readers|panel]`. What follows
 * `panel` names parts of that: `npm run bench -- panel compare`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { provision } from '../vscode/provision';

const PARTS: Readonly<Record<string, string>> = {
  engine: 'engine.ts',
  growth: 'growth.ts',
  matches: 'matches.ts',
  readers: 'readers.ts',
  panel: '../vscode/bench/index.ts',
};

const named = process.argv.slice(2);
const split = named.includes('panel') ? named.indexOf('panel') + 1 : named.length;
const [wanted, ofPanel] = [named.slice(0, split), named.slice(split)];
const unknown = wanted.filter((part) => !(part in PARTS));
if (unknown.length > 0) {
  console.error(`unknown part ${unknown.join(', ')}: expected ${Object.keys(PARTS).join(' or ')}`);
  process.exit(2);
}
for (const part of wanted.length > 0 ? wanted : Object.keys(PARTS)) {
  for (const node of part === 'engine' ? nodes() : [process.execPath]) {
    const names = part === 'panel' ? ofPanel : [];
    const flags = ['--expose-gc', '--experimental-websocket', '--import', 'tsx'];
    const options = [...flags, join(__dirname, PARTS[part]), ...names];
    const { status } = spawnSync(node, options, { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}

/** This Node, and the one that VS Code brings where it can be had: the newer one has relaxed SIMD. */
function nodes(): string[] {
  return process.platform === 'linux' ? [process.execPath, provision().node] : [process.execPath];
}
