/** The command line for assistants, over the Model Context Protocol (modelcontextprotocol.io), on standard input and output. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';
import { answered } from '../tools/answered';
import { TOOLS } from '../tools/tools';
import { gatescope, type Program } from './commandLine';
import { Roots } from './roots';

interface ServeOptions {
  readonly version: string;
  readonly program: Program;
  /** Folders of which files may be read. */
  readonly roots: readonly string[];
}

/** Resolves when the client has gone. Rejects where one of the folders is not there. */
export async function serve({ version, program, roots: folders }: ServeOptions): Promise<void> {
  const roots = await Roots.of(folders);
  const server = new McpServer({ name: 'gatescope', version });
  for (const tool of TOOLS) {
    const { name, title, description } = tool;
    // What is misspelt is said, not left out.
    const inputSchema = z.strictObject(tool.schema);
    const annotations = { readOnlyHint: true, openWorldHint: false };
    server.registerTool(name, { title, description, inputSchema, annotations }, async (asked, { signal }) => {
      const { text, isError } = await answered(tool, asked, roots, (call) =>
        gatescope(program, call, signal),
      );
      return { content: text.map((one) => ({ type: 'text' as const, text: one })), isError };
    });
  }
  const transport = new StdioServerTransport();
  await server.connect(transport);
  await new Promise<void>((ended) => {
    transport.onclose = ended;
    process.stdin.once('end', ended);
  });
  await server.close();
}
