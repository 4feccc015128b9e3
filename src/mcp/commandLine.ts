/** The command line as a program of its own for each call: it can be stopped, and takes its memory with it. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOST_CHARACTERS, MOST_REMARKS, type Said } from '../tools/answered';
import type { Call } from '../tools/tools';

const MOST_MILLISECONDS = 120_000;

/** What starts the command line. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** Rejects with an Error when it is cancelled or takes too long. */
export function gatescope(program: Program, call: Call, signal: AbortSignal): Promise<Said> {
  return call.command === 'export' ? written(program, call, signal) : printed(program, wordsOf(call), signal);
}

/** Values stand behind `=`, so that none is taken for an option. */
function wordsOf({ command, model, second, values }: Call): string[] {
  const options = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (value === true) return [`--${name}`];
    return [value].flat().map((one) => `--${name}=${String(one)}`);
  });
  return [command, model, ...(second === undefined ? [] : [second]), ...options];
}

/** What the command line writes to a file. */
async function written(program: Program, call: Call, signal: AbortSignal): Promise<Said> {
  const folder = await mkdtemp(join(tmpdir(), 'gatescope-mcp-'));
  try {
    const out = join(folder, 'run.json');
    const values = { ...call.values, format: 'json', out };
    const said = await printed(program, wordsOf({ ...call, values }), signal);
    if (said.code !== 0) return { ...said, answer: '' };
    const remarks = said.remarks.replace(/^wrote .*\n/m, '');
    const { size } = await stat(out);
    return { ...said, remarks, answer: size > MOST_CHARACTERS ? undefined : await readFile(out, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function printed({ command, args }: Program, words: readonly string[], signal: AbortSignal): Promise<Said> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(MOST_MILLISECONDS)]);
  return new Promise((done, fail) => {
    const child = spawn(command, [...args, ...words], { stdio: ['ignore', 'pipe', 'pipe'], signal: limit });
    let answer = '';
    let remarks = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
      if (answer.length > MOST_CHARACTERS) child.kill();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      remarks = (remarks + text).slice(0, MOST_REMARKS);
    });
    child.on('error', (error) => {
      fail(
        signal.aborted || !limit.aborted
          ? error
          : new Error(`it took longer than ${MOST_MILLISECONDS / 1000} s`),
      );
    });
    child.on('close', (code) => {
      const tooLong = answer.length > MOST_CHARACTERS;
      done({ code: code ?? 0, answer: tooLong ? undefined : answer, remarks });
    });
  });
}
