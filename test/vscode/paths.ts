import { join, resolve } from 'node:path';

/** The repository's root, which is also the extension's folder. */
export const ROOT = resolve(__dirname, '../..');

/** What the rig downloads and writes; ignored by git. */
export const CACHE = join(ROOT, '.vscode-test');

export const EXAMPLES = join(ROOT, 'media/examples');
