import type { Values } from './arguments';

export type { Values };

/** Runs one command on a model file and gives the exit code. */
export type Command = (model: string, values: Values) => Promise<number>;
