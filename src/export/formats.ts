/** Every format that a model or a run is exported in. */
import type { Format } from './format';
import { csv } from './csv';
import { html } from './html';
import { json } from './json';
import { markdown } from './markdown';
import { npz } from './npz';
import { png } from './picture/png';
import { svg } from './picture/svg';

export const FORMATS: readonly Format[] = [npz, csv, json, svg, png, html, markdown];

/** The format that a file's ending says. */
export function formatOfFile(fileName: string): Format | undefined {
  const name = fileName.toLowerCase();
  return FORMATS.find(({ endings }) => endings.some((ending) => name.endsWith(`.${ending}`)));
}
