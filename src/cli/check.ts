import type { Command } from './command';
import { counted } from '../model/json/decode';
import type { Network } from '../model/network';
import { countParameters } from '../model/parameters';
import { hasErrors, type Problem } from '../model/problem';
import { fixInWords } from '../words/fixes';
import { mend } from './mend';
import { EXIT, oneLine, problemLine } from './output';
import { read } from './read';
import { waysOf, type Way } from './ways';

/** Everything that is wrong with a model, its weights and its samples; on stderr the ways in which it can be read. */
export const check: Command = async (terminal, model, values) => {
  if (values.fix) await mend(terminal, model, values);
  const reading = await read(terminal, model, values);
  const { network, problems } = reading;
  const ways = await waysOf(terminal, model, values, reading);
  if (values.json) {
    await terminal.write([`${JSON.stringify({ problems: problems.map(inJson), ways }, null, 2)}\n`]);
    return hasErrors(problems) ? EXIT.input : EXIT.ok;
  }
  await terminal.write(problems.map((problem) => `${problemLine(model, problem)}\n`));
  if (network && problems.length === 0)
    terminal.say(`${oneLine(model)}: no problems (${sizeInWords(network)})`);
  const fixable = problems.filter(({ fixes = [] }) => fixes.length > 0);
  if (fixable.length > 0) terminal.say(['what would mend it:', ...fixable.map(fixesInWords)].join('\n'));
  if (ways.length > 0) terminal.say(['ways to read it, for --as WAY,…:', ...ways.map(wayInWords)].join('\n'));
  return hasErrors(problems) ? EXIT.input : EXIT.ok;
};

/** With what each fix does, in words. */
function inJson({ fixes, ...problem }: Problem) {
  return { ...problem, ...(fixes && { fixes: fixes.map((fix) => ({ title: fixInWords(fix), ...fix })) }) };
}

function fixesInWords({ place: { line, column }, code, fixes = [] }: Problem): string {
  return oneLine(`  ${line}:${column} ${code}: ${fixes.map((fix) => fixInWords(fix)).join('; or: ')}`);
}

function wayInWords({ value, label, taken }: Way): string {
  return oneLine(`  ${value}: ${label}${taken ? ' (taken)' : ''}`);
}

function sizeInWords(network: Network): string {
  return `${counted(network.layers.length, 'layer')}, ${countParameters(network).toLocaleString('en')} parameters`;
}
