/**
 * Every check there is, one after the other: `npm test`. Each stage is a process of its own with a time limit.
 * Ends with one line, `N passed, N failed`, the sum over all mocha runs; a stage that fails in another way counts
 * as one failure.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from './report';

interface Stage {
  readonly script: string;
  readonly minutes: number;
  /** Without it, the stages after it make no sense. */
  readonly needed?: boolean;
}

const STAGES: readonly Stage[] = [
  { script: 'check-types', minutes: 4 },
  { script: 'lint', minutes: 6 },
  { script: 'compile', minutes: 2, needed: true },
  { script: 'test:unit', minutes: 10 },
  { script: 'test:vscode', minutes: 5 },
  { script: 'test:panel', minutes: 25 },
  { script: 'test:panel:web:some', minutes: 6 },
];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-test-'));
  let passed = 0;
  let failed = 0;
  for (const stage of STAGES) {
    console.log(`\n── npm run ${stage.script}`);
    const file = join(folder, `${stage.script.replaceAll(':', '-')}.json`);
    const ok = await run(stage, file);
    const report = readReport(file);
    passed += report.passed;
    failed += report.failed;
    if (!ok && report.failed === 0) failed++;
    if (!ok && stage.needed) break;
  }
  rmSync(folder, { recursive: true });
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Resolves to whether the stage ended well within its time. */
function run(stage: Stage, report: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', stage.script], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, GATESCOPE_REPORT: report },
      // A group of its own, so that whatever it started ends with it.
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32',
    });
    const end = (signal: NodeJS.Signals) =>
      process.kill(process.platform === 'win32' ? child.pid! : -child.pid!, signal);
    const interrupted = (signal: NodeJS.Signals) => {
      end(signal);
      process.exit(1);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupted);
    const timer = setTimeout(() => {
      console.error(`${stage.script} did not end within ${stage.minutes} minutes and was stopped`);
      end('SIGTERM');
      setTimeout(() => end('SIGKILL'), 5000).unref();
    }, stage.minutes * 60_000);
    child.once('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
      resolve(code === 0);
    });
  });
}

function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return { passed: 0, failed: 0 }; // The stage has no tests, or ended before it had run them.
  }
}

void main();
