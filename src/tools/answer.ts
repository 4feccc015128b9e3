/** Answers to assistants in this process, by the commands of the command line. */
import * as z from 'zod';
import type { Command } from '../cli/command';
import { compareCommand } from '../cli/compare';
import { explainCommand } from '../cli/explain';
import { exportedRun } from '../cli/exportedRun';
import { info } from '../cli/info';
import { EXIT, Failure } from '../cli/output';
import { read } from '../cli/read';
import { runCommand } from '../cli/run';
import type { Files, Terminal } from '../cli/terminal';
import { verifyCommand } from '../cli/verify';
import type { Values } from '../cli/values';
import { json } from '../export/json';
import { inEnglish } from '../words/translate';
import { type Answer, MOST_CHARACTERS, MOST_REMARKS, type Said, answered, failure } from './answered';
import { TOOLS, type Call, type Paths } from './tools';

export interface Around {
  readonly files: Files & Paths;
  readonly running: Terminal['running'];
  /** Added to the options of each command. */
  readonly values?: Values;
}

/** What is wrong with the question is an answer, too. Rejects only when it is cancelled, with what cancelled it. */
export async function answer(name: string, asked: unknown, around: Around): Promise<Answer> {
  const tool = TOOLS.find((one) => one.name === name);
  if (!tool) return failure(`there is no tool ${JSON.stringify(name)}`);
  const { data, error } = z.strictObject(tool.schema).safeParse(asked);
  if (error) return failure(z.prettifyError(error));
  const { files, running, values } = around;
  const found = await answered(tool, data, files, (call) =>
    inThisProcess({ ...call, values: { ...values, ...call.values } }, around),
  );
  running.signal?.throwIfAborted();
  return found;
}

/** The numbers of some signals, in the format of traces. */
const numbers: Command = async (terminal, model, values) => {
  const reading = await read(terminal, model, values);
  const { signal } = terminal.running;
  const { ran, options } = await exportedRun({ terminal, model, values, reading }, { signal });
  for await (const piece of json.write(ran, options, { signal, translate: inEnglish })) {
    await terminal.write([String(piece)]);
  }
  return EXIT.ok;
};

const COMMANDS: Record<Call['command'], Command> = {
  ...{ info, run: runCommand, explain: explainCommand, verify: verifyCommand },
  ...{ compare: compareCommand, export: numbers },
};

/** Stops a command whose answer nobody will read. */
class TooLong extends Error {}

async function inThisProcess({ command, model, values, second }: Call, around: Around): Promise<Said> {
  let answer = '';
  let remarks = '';
  const terminal: Terminal = {
    files: around.files,
    running: around.running,
    async write(chunks) {
      for (const chunk of chunks) {
        answer += chunk;
        if (answer.length > MOST_CHARACTERS) throw new TooLong();
      }
    },
    say(text) {
      remarks = `${remarks}${text}${text.endsWith('\n') ? '' : '\n'}`.slice(0, MOST_REMARKS);
    },
  };
  try {
    return { code: await COMMANDS[command](terminal, model, values, second), answer, remarks };
  } catch (error) {
    if (error instanceof TooLong) return { code: EXIT.ok, answer: undefined, remarks };
    if (!(error instanceof Failure)) throw error;
    terminal.say(error.message);
    return { code: error.code, answer: '', remarks };
  }
}
