/** Texts cut to the room that they have, without asking the browser to measure them. */
import { visible } from '../unroll/mermaid';

/** Width in units of a Latin letter: Han, Hangul, kana and emoji take two. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += /\p{M}|\u200d|\ufe0f/u.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** The text, or as much of its beginning as fits, with an ellipsis; control characters made visible. */
export function fitText(text: string, width: number): string {
  const shown = visible(text);
  if (textWidth(shown) <= width) return shown;
  let fitted = '';
  for (const char of shown) {
    if (textWidth(fitted + char) > width - 1) break;
    fitted += char;
  }
  return fitted + '…';
}

/** The text in lines of a width, as far as its words are no longer. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && textWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A token as it stands in a box: a space is an open box, an empty token is an empty-set sign. */
export function tokenText(token: string): string {
  if (token === '') return '∅';
  return token.replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));
}

/** Width of a Latin letter, as a share of its size. */
const LETTER = 0.62;

/** The largest size, 17 or `most` down to 11 pixels, at which a text fits; below that it is cut. */
export function sizeToken(text: string, room: number, most = 17): { text: string; size: number } {
  const size = Math.min(
    most,
    Math.max(11, Math.floor(room / (Math.max(1, textWidth(visible(text))) * LETTER))),
  );
  return { text: fitText(text, Math.floor(room / (size * LETTER))), size };
}
