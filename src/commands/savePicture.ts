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
 * `{ file, view, format, scale, theme, values, of }`, of which all but `file` may be absent. "Copy Picture", and what the
 * menus of the views offer: as they are, in the editor's colours.
 */
export function registerSavePicture(editor: UnrolledEditor): vscode.Disposable {
  /** Of the view whose menu it is; the argument says which. */
  const ofView = (id: string, run: (session: PanelSession, view: string) => Promise<void>) =>
    command(id, async (argument) => {
      const session = await targetSession(editor);
      const { gatescopePicture: view } = record(argument);
      if (session && typeof view === 'string') await run(session, view);
    });
  const saveAs = (id: string, format: WantedPicture['format']) =>
    ofView(id, async (session, view) => {
      const wanted = asItIs(view, format);
      const file = await askFile(session, wanted);
      if (file) await save(session, wanted, file);
    });
  return vscode.Disposable.from(
    command('gatescope.savePicture', async (argument, given) => {
      const session = await targetSession(editor, argument);
      if (!session) return;
      await session.readable();
      const { file } = record(given);
      if (file instanceof vscode.Uri) await save(session, wantedPicture(given), file);
      else session.askPictures('file');
    }),
    command('gatescope.copyPicture', async (argument) => {
      const session = await targetSession(editor, argument);
      if (!session) return;
      await session.readable();
      session.askPictures('clipboard');
    }),
    ofView('gatescope.copyView', (session, view) => copy(session, view)),
    saveAs('gatescope.saveViewAsSvg', 'svg'),
    saveAs('gatescope.saveViewAsPng', 'png'),
    command('gatescope._savePicture', async (argument, offers, to) => {
      const session = await targetSession(editor, argument);
      const offered = Array.isArray(offers) ? offers.filter(isPictureOffer) : [];
      if (!session) return;
      if (to === 'clipboard') {
        const title = vscode.l10n.t('Copy Picture');
        const view = await pick(
          title,
          vscode.l10n.t('What the picture shows'),
          offered.map(({ view, label }) => ({ label, value: view })),
        );
        if (view !== undefined) await copy(session, view);
        return;
      }
      const wanted = await ask(offered);
      const file = wanted && (await askFile(session, wanted));
      if (wanted && file) await save(session, wanted, file);
    }),
  );
}

/** What a view shows; a PNG is sharp on screens of twice the pixels, too. */
function asItIs(view: string, format: WantedPicture['format']): WantedPicture {
  return { view, format, scale: format === 'png' ? 2 : 1, theme: null, values: true, of: 'window' };
}

async function save(session: PanelSession, wanted: WantedPicture, file: vscode.Uri): Promise<void> {
  const bytes = await session.takePicture(wanted);
  await writeFile(file, piecesOf(bytes), memoryLimits(session.uri).memory);
}

/** By the panel, which alone can: it must have the focus. Where the clipboard is refused, it can be saved. */
async function copy(session: PanelSession, view: string): Promise<void> {
  session.panel.reveal();
  try {
    await session.takePicture(asItIs(view, 'png'), 'clipboard');
    vscode.window.setStatusBarMessage(vscode.l10n.t('Picture copied'), 3000);
  } catch (error) {
    const saves = vscode.l10n.t('Save as PNG…');
    const message = error instanceof Error ? error.message : String(error);
    if ((await vscode.window.showErrorMessage(message, saves)) !== saves) return;
    const wanted = asItIs(view, 'png');
    const file = await askFile(session, wanted);
    if (file) await save(session, wanted, file);
  }
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

type Item<T> = vscode.QuickPickItem & { readonly value: T };

/** Undefined where the user gave up. */
async function ask(offers: readonly PictureOffer[]): Promise<WantedPicture | undefined> {
  const title = vscode.l10n.t('Save Picture');
  const what = await pick(title, vscode.l10n.t('What the picture shows'), offers.flatMap(itemsOf));
  const form = what && (await pick(title, vscode.l10n.t('Format'), forms()));
  const theme = form && (await pick(title, vscode.l10n.t('Colours'), themes()));
  return theme && { ...what, ...form, ...theme };
}

/** Asks nothing where there is one choice. */
async function pick<T>(
  title: string,
  placeHolder: string,
  items: readonly Item<T>[],
): Promise<T | undefined> {
  if (items.length === 1) return items[0].value;
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.value;
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
