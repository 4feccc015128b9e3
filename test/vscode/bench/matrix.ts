/** How long a person waits for every output against every state, as far as one is shown. */
import { MATRIX_STEPS } from '../../../src/protocol';
import type { Row } from '../../bench/table';
import type { Workbench } from '../workbench';
import type { Workspace } from '../workspace';
import { lstm } from './models';

const UNITS = 128;

export async function matrix(workbench: Workbench, workspace: Workspace): Promise<Row[]> {
  workspace.write('matrix.rnn.json', lstm({ steps: MATRIX_STEPS, units: UNITS, features: 8 }));
  await workbench.openFile('matrix.rnn.json');
  const panel = await workbench.panel('ready');
  await panel.hasRun();
  await panel.openView('memory');
  const view = panel.view('memory');
  await view.locator('vscode-dropdown').first().click();
  const began = performance.now();
  await view.locator('vscode-option', { hasText: 'Every output' }).first().click();
  await view.locator('.matrix-progress', { hasText: /^\d+ of \d+ outputs/ }).waitFor();
  const first = performance.now() - began;
  await panel.frame.locator('section[data-view="memory"][data-state="ready"]').waitFor({ timeout: 300_000 });
  const whole = performance.now() - began;
  const size = `${MATRIX_STEPS} steps × ${UNITS} units`;
  return [
    {
      what: `every output against every state, ${size}: the first lines`,
      value: first,
      unit: 'ms',
      aim: 1000,
    },
    { what: '  all of them', value: whole / 1000, unit: 's', aim: 30 },
  ];
}
