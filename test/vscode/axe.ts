/** axe-core in the panel's page: what keeps people with a keyboard or a screen reader out. */
import { readFileSync } from 'node:fs';
import type { Frame } from 'playwright-core';

interface Fault {
  readonly id: string;
  readonly impact?: string | null;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

interface Axe {
  run(
    context: Document,
    options: { readonly resultTypes: readonly string[] },
  ): Promise<{ readonly violations: readonly Fault[] }>;
}

const SOURCE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core calls serious or critical in a page, a line for each element: the rule, where, and what is wrong. */
export async function seriousFaults(frame: Frame): Promise<string[]> {
  // Evaluated, not added as a script: the page's policy lets in no other code.
  if (!(await frame.evaluate(() => 'axe' in globalThis))) await frame.evaluate(SOURCE);
  return frame.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: Axe };
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return serious.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  });
}
