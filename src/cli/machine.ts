/** The terminal of this machine: its files, its threads, standard output, and standard error. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readModelFile } from '../library/readModelFile';
import { openNodeFile } from '../platform/nodeFolder';
import { nodeThreads } from '../platform/nodeThreads';
import type { Terminal } from './terminal';

export const MACHINE: Terminal = {
  files: {
    readModel: readModelFile,
    open: openNodeFile,
    beside: (path) => readdir(dirname(resolve(path))),
    sibling: (path, name) => join(dirname(resolve(path)), name),
    nameOf: (path) => basename(path),
  },
  get running() {
    return { helper: nodeThreads() };
  },
  /** Waits where the reader is slower. */
  async write(chunks) {
    for (const chunk of chunks) {
      if (!process.stdout.write(chunk)) {
        await new Promise((resolve) => process.stdout.once('drain', resolve));
      }
    }
  },
  say(text) {
    process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
  },
};
