/** Pictures of what is shown, for files: each view draws its own. */
import { namedTheme } from '../../src/picture/colour/themes';
import { svgText, withChanges, type Sheet } from '../../src/picture/svgText';
import { MOST_PIXELS, type PictureOffer, type WantedPicture } from '../../src/picture/wanted';
import { fill } from '../../src/picture/words';
import type { FromWebview, ToWebview } from '../../src/protocol';
import { readTheme } from '../colour/theme';
import type { Drawing } from '../feature';
import { formatCount } from '../../src/picture/format';
import { words } from './words';

/** A view that can draw itself, and is open. */
export interface Drawable {
  readonly name: string;
  readonly drawing: Drawing;
}

export function offersOf(drawables: readonly Drawable[]): PictureOffer[] {
  return drawables.map(({ name, drawing: { label, bare = false, chosen } }) => ({
    ...{ view: name, label, bare },
    chosen: chosen?.() ?? null,
  }));
}

/** @param changes what the run that is shown holds fixed. */
export async function takePicture(
  drawables: readonly Drawable[],
  changes: readonly string[],
  { picture: wanted, to }: Pick<Extract<ToWebview, { readonly type: 'takePicture' }>, 'picture' | 'to'>,
): Promise<Extract<FromWebview, { readonly type: 'picture' }>['result']> {
  try {
    const found = drawables.find(({ name }) => name === wanted.view);
    const { theme, values, of } = wanted;
    const colours = theme ? namedTheme(theme) : readTheme();
    const drawn = found?.drawing.draw({ theme: colours, values, of });
    const sheet = drawn && withChanges(drawn, values ? changes : [], colours);
    if (!sheet) return { err: fill(words.nothingToDraw, found?.drawing.label ?? wanted.view) };
    const text = svgText(sheet, wanted.scale);
    const file = wanted.format === 'svg' ? new TextEncoder().encode(text) : await pixels(text, sheet, wanted);
    if (to === 'file') return { ok: file };
    await copied(file);
    return { ok: new Uint8Array() };
  } catch (error) {
    return { err: error instanceof Error ? error.message : String(error) };
  }
}

/** How long it is waited for the focus, without which the clipboard is refused. */
const FOCUS_MILLISECONDS = 2000;

/** A picture to the clipboard of the system: what a page may do, and the host of extensions may not. */
async function copied(png: Uint8Array): Promise<void> {
  await focused();
  try {
    const blob = new Blob([png as Uint8Array<ArrayBuffer>], { type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ [blob.type]: blob })]);
  } catch (error) {
    throw new Error(fill(words.notCopied, error instanceof Error ? error.message : String(error)));
  }
}

/** The menu that was chosen from has had it. */
function focused(): Promise<void> {
  if (document.hasFocus()) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('focus', done);
      resolve();
    };
    const timer = setTimeout(done, FOCUS_MILLISECONDS);
    window.addEventListener('focus', done);
    window.focus();
  });
}

/** Drawn by the browser, with its fonts. */
async function pixels(text: string, { width, height }: Sheet, { scale }: WantedPicture): Promise<Uint8Array> {
  const [across, down] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  if (across * down > MOST_PIXELS) {
    throw new RangeError(fill(words.tooManyPixels, formatCount(across), formatCount(down)));
  }
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [across, down];
  canvas.getContext('2d')!.drawImage(image, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new RangeError(fill(words.tooManyPixels, formatCount(across), formatCount(down)));
  return new Uint8Array(await blob.arrayBuffer());
}
