/** The command line for assistants, over the Model Context Protocol (modelcontextprotocol.io), on standard input and output. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { MOST_CHARACTERS, gatescope, type Program, type Said } from './commandLine';
import { Roots } from './roots';
import { TOOLS, type Tool } from './tools';

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
    const { name, title, description, schema: inputSchema } = tool;
    const annotations = { readOnlyHint: true, openWorldHint: false };
    server.registerTool(name, { title, description, inputSchema, annotations }, async (asked, { signal }) => {
      const { text, isError } = await answered(tool, asked, { program, roots, signal });
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

interface Around {
  readonly program: Program;
  readonly roots: Roots;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly text: readonly string[];
  readonly isError: boolean;
}

/** What the command line says, and its remarks. Never rejects: a failure is an answer, too. */
async function answered(tool: Tool, asked: Record<string, unknown>, around: Around): Promise<Answer> {
  try {
    const said = (await numbers(tool, asked, around)) ?? (await command(tool, asked, around));
    const { answer, remarks, code } = said;
    if (answer === undefined) return failure(`${TOO_LONG}${remarks}`);
    // Verify and compare end with 1 where numbers differ, and say how.
    if (answer === '') return failure(remarks || `the command line ended with ${code}`);
    return { text: remarks ? [answer, remarks] : [answer], isError: false };
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error));
  }
}

const TOO_LONG = `the answer would be longer than ${MOST_CHARACTERS} characters: ask for fewer signals or steps\n`;

function failure(text: string): Answer {
  return { text: [text], isError: true };
}

/** As JSON; where that is too long, in words, which are cut to what matters. */
async function command(
  tool: Tool,
  asked: Record<string, unknown>,
  { program, roots, signal }: Around,
): Promise<Said> {
  const words = await tool.words(asked, roots);
  const said = tool.written ? undefined : await gatescope(program, [...words, '--json'], signal);
  return said?.answer !== undefined ? said : gatescope(program, words, signal);
}

/** Those that are written to a file; undefined where none are asked for. */
async function numbers(
  tool: Tool,
  asked: Record<string, unknown>,
  { program, roots, signal }: Around,
): Promise<Said | undefined> {
  if (!tool.written) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'gatescope-mcp-'));
  try {
    const out = join(folder, 'run.json');
    const words = await tool.written(asked, roots, out);
    if (!words) return undefined;
    const said = await gatescope(program, words, signal);
    if (said.code !== 0) return { ...said, answer: '' };
    const remarks = said.remarks.replace(/^wrote .*\n/m, '');
    const { size } = await stat(out);
    return { ...said, remarks, answer: size > MOST_CHARACTERS ? undefined : await readFile(out, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
