/** Measures, prints figures and aims, asserts nothing: `npm run bench [-- engine|growth|readers|panel]`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const PARTS: Readonly<Record<string, string>> = {
  engine: 'engine.ts',
  growth: 'growth.ts',
  readers: 'readers.ts',
  panel: '../vscode/bench.ts',
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => !(part in PARTS));
if (unknown.length > 0) {
  console.error(`unknown part ${unknown.join(', ')}: expected ${Object.keys(PARTS).join(' or ')}`);
  process.exit(2);
}
for (const part of wanted.length > 0 ? wanted : Object.keys(PARTS)) {
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', join(__dirname, PARTS[part])],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) process.exitCode = 1;
}
