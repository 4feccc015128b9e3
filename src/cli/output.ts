import type { Problem } from '../model/problem';

export const EXIT = { ok: 0, input: 1, usage: 2 } as const;

/** Ends the command with a message on stderr and an exit code. */
export class Failure extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** A problem as compilers print theirs, on one line whatever its message holds. */
export function problemLine(file: string, { place, severity, code, message }: Problem): string {
  return `${oneLine(file)}:${place.line}:${place.column}: ${severity} ${code} ${oneLine(message)}`;
}

/** Escapes what would break a line or steer a terminal: control characters, line separators, direction marks. */
export function oneLine(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text as it is, line breaks and tabs included, but with nothing that steers a terminal. */
export function printable(text: string): string {
  return text.replace(/[^\n\t]+/g, oneLine);
}
