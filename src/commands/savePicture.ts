import * as vscode from 'vscode';
import type { PanelSession } from '../editor/panelSession';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { memoryLimits } from '../editor/settings';
import { writeFile } from '../editor/writeFile';
import { isPictureOffer, wantedPicture, type PictureOffer, type WantedPicture } from '../picture/wanted';
import { record } from '../untrusted';
import { command } from './command';
import { targetSession } from './targetSession';

/**
 * "Save Picture…": what a view shows, as SVG or PNG. Another extension may say which, and where to, as
 * `{ file, view, format, scale, theme, values, of }`, of which all but `file` may be absent.
 */
export function registerSavePicture(editor: UnrolledEditor): vscode.Disposable {
  return vscode.Disposable.from(
    command('gatescope.savePicture', async (argument, given) => {
      const session = await targetSession(editor, argument);
      if (!session) return;
      await session.readable();
      const { file } = record(given);
      if (file instanceof vscode.Uri) await save(session, wantedPicture(given), file);
      else session.askPictures();
    }),
    command('gatescope._savePicture', async (argument, offers) => {
      const session = await targetSession(editor, argument);
      const offered = Array.isArray(offers) ? offers.filter(isPictureOffer) : [];
      const wanted = session && (await ask(offered));
      const file = wanted && (await askFile(session, wanted));
      if (wanted && file) await save(session, wanted, file);
    }),
  );
}

async function save(session: PanelSession, wanted: WantedPicture, file: vscode.Uri): Promise<void> {
  const bytes = await session.takePicture(wanted);
  await writeFile(file, piecesOf(bytes), memoryLimits(session.uri).memory);
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

type Item<T> = vscode.QuickPickItem & { readonly value: T };

/** Undefined where the user gave up. */
async function ask(offers: readonly PictureOffer[]): Promise<WantedPicture | undefined> {
  const title = vscode.l10n.t('Save Picture');
  const pick = async <T>(placeHolder: string, items: readonly Item<T>[]): Promise<T | undefined> =>
    items.length === 1
      ? items[0].value
      : (await vscode.window.showQuickPick(items, { title, placeHolder }))?.value;
  const what = await pick(vscode.l10n.t('What the picture shows'), offers.flatMap(itemsOf));
  const form = what && (await pick(vscode.l10n.t('Format'), forms()));
  const theme = form && (await pick(vscode.l10n.t('Colours'), themes()));
  return theme && { ...what, ...form, ...theme };
}

type What = Pick<WantedPicture, 'view' | 'values' | 'of'>;

function itemsOf({ view, label, bare, chosen }: PictureOffer): Item<What>[] {
  const what = { view, values: true, of: 'window' } as const;
  return [
    { label, value: what },
    ...(chosen
      ? [
          {
            label: vscode.l10n.t('{0}, chosen steps', label),
            description: vscode.l10n.t('steps {0} to {1}', chosen.from + 1, chosen.to + 1),
            value: { ...what, of: 'chosen' } as const,
          },
        ]
      : []),
    ...(bare
      ? [{ label: vscode.l10n.t('{0}, without values', label), value: { ...what, values: false } }]
      : []),
  ];
}

function forms(): Item<Pick<WantedPicture, 'format' | 'scale'>>[] {
  return [
    { label: 'SVG', description: vscode.l10n.t('sharp at any size'), value: { format: 'svg', scale: 1 } },
    ...[2, 1, 3, 4].map((scale) => ({
      label: `PNG, ${scale} ×`,
      description: vscode.l10n.t('pixels'),
      value: { format: 'png' as const, scale },
    })),
  ];
}

function themes(): Item<Pick<WantedPicture, 'theme'>>[] {
  return [
    { label: vscode.l10n.t('As in the editor'), value: { theme: null } },
    { label: vscode.l10n.t('Light'), value: { theme: 'light' } },
    { label: vscode.l10n.t('Dark'), value: { theme: 'dark' } },
    { label: vscode.l10n.t('High contrast, light'), value: { theme: 'hc-light' } },
    { label: vscode.l10n.t('High contrast, dark'), value: { theme: 'hc-dark' } },
    { label: vscode.l10n.t('For print'), value: { theme: 'print' } },
  ];
}

async function askFile(
  { document, fileName }: PanelSession,
  { view, format }: WantedPicture,
): Promise<vscode.Uri | undefined> {
  const { stemOf } = await import('../model/convert');
  const stem = view === 'diagram' ? stemOf(fileName) : `${stemOf(fileName)}-${view}`;
  return vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(document.folderUri, `${stem}.${format}`),
    filters: { [format.toUpperCase()]: [format] },
  });
}
