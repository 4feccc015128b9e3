/** The command line as a program of its own for each call: it can be stopped, and takes its memory with it. */
import { spawn } from 'node:child_process';

/** What an answer may have at most, so that it fits into what an assistant can read. */
export const MOST_CHARACTERS = 40_000;
const MOST_REMARKS = 4000;
const MOST_MILLISECONDS = 120_000;

/** What starts the command line. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

export interface Said {
  readonly code: number;
  /** Undefined where it is longer than `MOST_CHARACTERS`. */
  readonly answer: string | undefined;
  readonly remarks: string;
}

/** Rejects with an Error when it is cancelled or takes too long. */
export function gatescope(
  { command, args }: Program,
  words: readonly string[],
  signal: AbortSignal,
): Promise<Said> {
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
