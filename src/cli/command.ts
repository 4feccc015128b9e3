import type { Terminal } from './terminal';
import type { Values } from './values';

export type { Values };

/** Runs one command on a model file, for `compare` perhaps on a second one, and gives the exit code. */
export type Command = (terminal: Terminal, model: string, values: Values, second?: string) => Promise<number>;
