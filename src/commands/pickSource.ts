/** What is searched for matches beside the samples, and what is said of steps: chosen by the user, for the view that asks. */
import * as vscode from 'vscode';
import { chooseFile } from '../editor/chosenFile';
import { openSequenceFile } from '../editor/ownSequences';
import type { PanelSession } from '../editor/panelSession';
import { memoryLimits } from '../editor/settings';
import { translate } from '../editor/translate';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { withTakenInputs } from '../host/scene';
import { labelsOf, type LabelColumn } from '../host/labels';
import { command } from './command';

/** Of the panel on the model at a URI: a file to be searched, or a column of labels. What is wrong with it is said there. */
export function registerPickSource(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope._pickSource', async (uri, what) => {
    const session = uri instanceof vscode.Uri ? editor.showing(uri) : undefined;
    if (!session) return;
    try {
      await (what === 'labels' ? pickLabels(session) : pickFile(session));
    } catch (error) {
      session.search((searches) => searches.fail(error instanceof Error ? error.message : String(error)));
    }
  });
}

async function pickFile(session: PanelSession): Promise<void> {
  const { network, samples } = await session.readable();
  const limits = memoryLimits(session.uri);
  const extensions = network.input.kind === 'token' ? ['txt', 'json', 'csv'] : ['csv', 'json', 'wav'];
  const title = vscode.l10n.t('Choose a file to search');
  const chosen = await chooseFile(
    { title, ...beside(session, vscode.l10n.t('Sequences'), extensions) },
    limits,
  );
  if (!chosen) return;
  const { choice } = await openSequenceFile(network, chosen, limits);
  const read = withTakenInputs(network, await choice(), samples, translate);
  session.search((searches) => searches.searchIn(read));
}

async function pickLabels(session: PanelSession): Promise<void> {
  const limits = memoryLimits(session.uri);
  const title = vscode.l10n.t('Choose a table with a row for each step');
  const chosen = await chooseFile({ title, ...beside(session, vscode.l10n.t('Tables'), ['csv']) }, limits);
  if (!chosen) return;
  const { CSV_MEMORY_FACTOR, parseTable } = await import('../model/sequences/csv');
  const { size } = chosen.bytes;
  if (size * CSV_MEMORY_FACTOR > limits.memory) {
    throw new Error(
      vscode.l10n.t('{0} is too large for the limit (setting gatescope.memoryLimit).', chosen.name),
    );
  }
  const table = await parseTable(new TextDecoder().decode(await chosen.bytes.read(0, size)));
  if ('message' in table) throw new Error(`${chosen.name}, ${table.line}: ${table.message}`);
  const names = table.header ?? (table.rows[0]?.fields ?? []).map((_, column) => columnName(column));
  const column = await pickColumn(names, chosen.name);
  if (column === undefined) return;
  const values = table.rows.map(({ fields }) => (fields[column] ?? '').trim());
  const lines = table.rows.map(({ line }) => line);
  const labels: LabelColumn = { file: chosen.name, column: names[column], values, lines };
  refuseOthers(session, labels);
  session.search((searches) => searches.label(labels));
}

async function pickColumn(names: readonly string[], file: string): Promise<number | undefined> {
  if (names.length < 2) return names.length === 1 ? 0 : undefined;
  const items = names.map((label, column) => ({ label: label || columnName(column), column }));
  const placeHolder = vscode.l10n.t('The column of {0} that has the labels', file);
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.column;
}

function columnName(column: number): string {
  return vscode.l10n.t('column {0}', column + 1);
}

/** Throws if they are of nothing that is searched. */
function refuseOthers({ searched, fileName }: PanelSession, labels: LabelColumn): void {
  if (searched.some((sequence) => labelsOf(sequence, labels))) return;
  const found = [...new Set(searched.map(({ steps }) => steps))].join(', ');
  throw new Error(
    vscode.l10n.t(
      '{0} has {1} rows; labels need a row for each step of a sequence of {2}: {3}',
      ...[labels.file, labels.values.length, fileName, found],
    ),
  );
}

function beside(session: PanelSession, label: string, extensions: string[]): vscode.OpenDialogOptions {
  return { defaultUri: vscode.Uri.joinPath(session.uri, '..'), filters: { [label]: extensions } };
}
