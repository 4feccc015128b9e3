import type { Command } from './command';
import { unroll } from '../unroll/graph';
import { toMermaid } from '../unroll/mermaid';
import { EXIT, Failure } from './output';
import { demand, read } from './read';

export const MOST_STEPS = 1000;

/** The unrolled graph as Mermaid text. */
export const unrollCommand: Command = async (terminal, model, values) => {
  const { steps = '8', detail = 'gates' } = values;
  const columns = Number(steps);
  if (!Number.isInteger(columns) || columns < 1 || columns > MOST_STEPS) {
    throw new Failure(
      EXIT.usage,
      `--steps takes a whole number from 1 to ${MOST_STEPS}, found ${String(steps)}`,
    );
  }
  if (detail !== 'gates' && detail !== 'cells') {
    throw new Failure(EXIT.usage, `--detail takes gates or cells, found ${String(detail)}`);
  }
  const network = demand(terminal, model, await read(terminal, model, values), ['structure']);
  const text = toMermaid(unroll(network, { columns, detail }));
  await terminal.write([text.endsWith('\n') ? text : `${text}\n`]);
  return EXIT.ok;
};
