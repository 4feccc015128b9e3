import * as z from 'zod';
import type { Tool } from '../../../src/tools/tools';

/** What a tool takes, as package.json tells VS Code. */
export function jsonSchema({ schema }: Tool): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(z.object(schema), { io: 'input', target: 'draft-7' });
  return rest;
}
