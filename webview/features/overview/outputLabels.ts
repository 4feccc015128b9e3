/** Beside the outputs of two runs: which is whose, and what it is at the playhead. */
import { visible } from '../../../src/unroll/mermaid';
import { formatValue } from '../../../src/picture/format';
import { tokenText } from '../../../src/picture/text';
import { runLine, runMark } from '../../shared/runMark';
import type { State } from '../../shared/state';
import { common, fill } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';
import type { Outputs, RunOutput } from './outputs';
import { words } from './words';

export interface OutputLabels {
  readonly element: HTMLElement;
  render(outputs: Outputs | null, state: State): void;
}

export function createOutputLabels(): OutputLabels {
  const roles = ['shown', 'compared'] as const;
  const figures = roles.map(() => h('span', { class: 'overview-figure' }));
  const rows = roles.map((run, k) =>
    h('div', { class: 'overview-output', 'data-output': run }, runMark(run), runLine(run), figures[k]),
  );
  const element = h('div', { class: 'overview-outputs', hidden: true }, ...rows);
  return {
    element,
    render(outputs, { step, scene, compared }) {
      element.hidden = !outputs;
      if (!outputs || !compared) return;
      const files = [scene!.fileName, compared.name ?? ''];
      const sentence = outputs.form === 'over' ? words.predictedBy : words.outputOf;
      roles.forEach((run, k) => {
        const text = outputInWords(outputs[run], outputs.shares, step);
        setText(figures[k], text);
        setAttribute(rows[k], 'data-value', String(outputs[run].values[step]));
        setAttribute(rows[k], 'title', fill(sentence, visible(files[k]), text));
      });
    },
  };
}

function outputInWords({ values, units, names }: RunOutput, shares: boolean, step: number): string {
  const value = values[step];
  if (value === undefined || Number.isNaN(value)) return common.none;
  const name = names?.[units![step]];
  const size =
    name !== undefined && shares ? fill(words.percent, Math.round(value * 100)) : formatValue(value);
  return name === undefined ? size : `${visible(tokenText(name))} ${size}`;
}
