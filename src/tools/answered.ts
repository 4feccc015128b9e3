/** What an assistant is told: what a command prints, as far as it can be read. */
import { inArguments } from './inArguments';
import type { Call, Paths, Tool } from './tools';

/** What an answer may have at most, so that it fits into what an assistant can read. */
export const MOST_CHARACTERS = 40_000;
export const MOST_REMARKS = 4000;

/** What a command has printed. */
export interface Said {
  readonly code: number;
  /** Undefined where it is longer than `MOST_CHARACTERS`. */
  readonly answer: string | undefined;
  readonly remarks: string;
}

export interface Answer {
  readonly text: readonly string[];
  readonly isError: boolean;
}

/** What the command says, and its remarks. Never rejects: a failure is an answer, too. */
export async function answered(
  tool: Tool,
  asked: Record<string, unknown>,
  paths: Paths,
  ask: (call: Call) => Promise<Said>,
): Promise<Answer> {
  try {
    const { answer, code, ...said } = await answerTo(await tool.call(asked, paths), ask);
    const inWords = (text: string) => inArguments(text, Object.keys(tool.schema));
    const remarks = inWords(said.remarks);
    if (answer === undefined) return failure(`${TOO_LONG}${remarks}`);
    // Verify and compare end with 1 where numbers differ, and say how.
    if (answer === '') return failure(remarks || `the command line ended with ${code}`);
    return { text: remarks ? [inWords(answer), remarks] : [inWords(answer)], isError: false };
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error));
  }
}

const TOO_LONG = `the answer would be longer than ${MOST_CHARACTERS} characters: ask for fewer signals or steps\n`;

export function failure(text: string): Answer {
  return { text: [text], isError: true };
}

/** A run is in words, since its numbers are asked for by their signals. */
const AS_THEY_ARE: readonly Call['command'][] = ['run', 'export'];

/** As JSON; where that is too long, in words, which are cut to what matters. */
async function answerTo(call: Call, ask: (call: Call) => Promise<Said>): Promise<Said> {
  if (AS_THEY_ARE.includes(call.command)) return ask(call);
  const inJson = await ask({ ...call, values: { ...call.values, json: true } });
  return inJson.answer !== undefined ? inJson : ask(call);
}
