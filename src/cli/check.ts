import type { Command } from './command';
import { counted } from '../model/json/decode';
import type { Network } from '../model/network';
import { countParameters } from '../model/parameters';
import { hasErrors } from '../model/problem';
import { EXIT, oneLine, problemLine, say, write } from './output';
import { read } from './read';

/** Everything that is wrong with a model, its weights and its samples. */
export const check: Command = async (model, values) => {
  const { network, problems } = await read(model, values);
  await write(problems.map((problem) => `${problemLine(model, problem)}\n`));
  if (network && problems.length === 0) say(`${oneLine(model)}: no problems (${sizeInWords(network)})`);
  return hasErrors(problems) ? EXIT.input : EXIT.ok;
};

function sizeInWords(network: Network): string {
  return `${counted(network.layers.length, 'layer')}, ${countParameters(network).toLocaleString('en')} parameters`;
}
