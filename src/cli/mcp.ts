import { version } from '../../package.json';
import type { Command } from './command';
import { EXIT, Failure, oneLine } from './output';

/** Answers assistants on standard input and output, until they are gone. */
export const mcpCommand: Command = async (_terminal, _model, { root }) => {
  const roots = Array.isArray(root) ? (root as readonly string[]) : [process.cwd()];
  const { serve } = await import('../mcp/server');
  const program = { command: process.execPath, args: [...process.execArgv, process.argv[1]] };
  await serve({ version, program, roots }).catch((error: unknown) => {
    throw error instanceof RangeError ? new Failure(EXIT.usage, oneLine(`--root: ${error.message}`)) : error;
  });
  return EXIT.ok;
};
