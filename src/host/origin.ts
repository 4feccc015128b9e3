/** Where a sequence of the user's own is from: enough to read it again, not the sequence itself. */
import type { StepRange } from '../model/sequences/window';
import { isCount, record } from '../untrusted';

export type Origin =
  /** Text, or numbers as they were typed. */
  | { readonly kind: 'typed'; readonly text: string }
  /** A file, by its URI; the part of it that was run. */
  | { readonly kind: 'file'; readonly uri: string; readonly window?: StepRange }
  /** A part of one of the model's samples. */
  | { readonly kind: 'part'; readonly sample: string; readonly window: StepRange }
  | GeneratedOrigin;

/** A text that the network went on with from a prompt: the same numbers give the same text. */
export interface GeneratedOrigin {
  readonly kind: 'generated';
  readonly prompt: string;
  readonly temperature: number;
  readonly seed: number;
}

/** What was kept as JSON, which is not trusted; undefined if it is no such thing. */
export function parseOrigin(json: string): Origin | undefined {
  const found = record(parsed(json));
  const window = windowOf(found.window);
  if (found.kind === 'typed' && typeof found.text === 'string') return { kind: 'typed', text: found.text };
  if (found.kind === 'file' && typeof found.uri === 'string') {
    if (found.window !== undefined && !window) return undefined;
    return { kind: 'file', uri: found.uri, ...(window && { window }) };
  }
  if (found.kind === 'part' && typeof found.sample === 'string' && window) {
    return { kind: 'part', sample: found.sample, window };
  }
  return found.kind === 'generated' ? generatedOf(found) : undefined;
}

/** What was typed, or the name of what it is from. */
export function originInWords(origin: Origin): string {
  switch (origin.kind) {
    case 'typed':
      return origin.text;
    case 'file':
      return fileNameOf(origin.uri);
    case 'part':
      return origin.sample;
    case 'generated':
      return origin.prompt;
  }
}

function fileNameOf(uri: string): string {
  const last = uri.split('/').pop()!;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function generatedOf({ prompt, temperature, seed }: Readonly<Record<string, unknown>>): Origin | undefined {
  if (typeof prompt !== 'string' || typeof temperature !== 'number' || !isCount(seed)) return undefined;
  return temperature >= 0 ? { kind: 'generated', prompt, temperature, seed } : undefined;
}

function windowOf(value: unknown): StepRange | undefined {
  const { from, steps } = record(value);
  return isCount(from) && isCount(steps) ? { from, steps } : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
