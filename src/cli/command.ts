import type { Values } from './arguments';

export type { Values };

/** Runs one command on a model file, for `compare` perhaps on a second one, and gives the exit code. */
export type Command = (model: string, values: Values, second?: string) => Promise<number>;
