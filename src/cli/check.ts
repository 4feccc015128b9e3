import type { Command } from '../cli';
import { hasErrors } from '../model/problem';
import { EXIT, problemLine, write } from './output';
import { read } from './read';

/** Everything that is wrong with a model, its weights and its samples. */
export const check: Command = async (model, values) => {
  const { problems } = await read(model, values);
  await write(problems.map((problem) => `${problemLine(model, problem)}\n`));
  return hasErrors(problems) ? EXIT.input : EXIT.ok;
};
