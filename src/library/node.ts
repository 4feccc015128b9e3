/** Gatescope as a library: what reads and writes files of this machine, and runs on its threads. */
export { readModelFile, type ReadOptions } from './readModelFile';
export { NodeFolder, openNodeFile } from '../platform/nodeFolder';
export { nodeThreads } from '../platform/nodeThreads';
export { writeWhole } from '../platform/writeFile';
export { builtFile } from '../platform/builtFiles';
