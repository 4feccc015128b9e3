/** As platform.ts, for a web worker: no files of its own, and no second thread. */
import type { ThreadHelper } from '../engine/kernels/shared/helper';
import type { StretchThreads } from '../engine/recording/ahead';
import type * as node from './platform';

export const threads: () => ThreadHelper | undefined = () => undefined;

export const stretchThreads: () => StretchThreads | undefined = () => undefined;

export const localFolder: typeof node.localFolder = () => undefined;

export const openLocalFile: typeof node.openLocalFile = () => undefined;

export const writeLocalFile: typeof node.writeLocalFile = () => undefined;

export const nonce: typeof node.nonce = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
};
