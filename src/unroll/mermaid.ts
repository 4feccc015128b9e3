/** An unrolled graph as an ordinary Mermaid flowchart: any Mermaid draws it, a README too. */
import type { EdgeRole, GraphEdge, GraphNode, UnrolledGraph } from './graph';

/** What the panel lets Mermaid draw: well above what a window of `MAX_NODES` needs. Its own limits are 50,000 and 500. */
export const PANEL_LIMITS = { maxTextSize: 1_000_000, maxEdges: 10_000 } as const;

/** A flowchart with a subgraph per cell, from left to right. Ids are the graph's; columns are counted from 0. */
export function toMermaid(graph: UnrolledGraph): string {
  const lines = ['flowchart LR'];
  const grouped = new Set(graph.groups.flatMap(({ nodes }) => nodes));
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  for (const node of graph.nodes) if (!grouped.has(node.id)) lines.push(`  ${declare(graph, node)}`);
  for (const group of graph.groups) {
    const title = `${graph.rows[group.row].title}, t = ${group.column < graph.columns ? group.column : 'T−1'}`;
    lines.push(`  subgraph ${group.id}["${escapeLabel(title)}"]`);
    for (const id of group.nodes) lines.push(`    ${declare(graph, byId.get(id)!)}`);
    lines.push('  end');
  }
  for (const edge of graph.edges) lines.push(`  ${edge.from} ${ARROWS[edge.role]} ${edge.to}`);
  const notRun = graph.nodes.filter(({ row }) => graph.rows[row].type === 'not_run').map(({ id }) => id);
  if (notRun.length > 0)
    lines.push('  classDef notRun stroke-dasharray:4 3', `  class ${notRun.join(',')} notRun`);
  return lines.join('\n') + '\n';
}

/** A diagram's text as part of a Markdown document. */
export function fenced(mermaid: string): string {
  return `\`\`\`mermaid\n${mermaid}\`\`\`\n`;
}

/** Whether Mermaid would draw it in the panel: beyond its limits it shows an error, or throws. */
export function isDrawable(text: string, edges: readonly GraphEdge[]): boolean {
  return text.length <= PANEL_LIMITS.maxTextSize && edges.length <= PANEL_LIMITS.maxEdges;
}

/** Rails are thick. */
const ARROWS: Record<EdgeRole, string> = {
  cell: '==>',
  hidden: '==>',
  carry: '==>',
  feed: '-->',
  gate: '-->',
  inner: '-->',
  final: '-->',
  handed: '-->',
};

function declare(graph: UnrolledGraph, node: GraphNode): string {
  const label = `"${escapeLabel(labelOf(graph, node))}"`;
  switch (node.kind) {
    case 'state':
    case 'cell':
      return `${node.id}([${label}])`;
    case 'bus':
      return `${node.id}((" "))`;
    case 'merge':
      return `${node.id}{{${label}}}`;
    case 'stub':
      return `${node.id}>${label}]`;
    case 'gate':
      return `${node.id}(${label})`;
    default:
      return `${node.id}[${label}]`;
  }
}

function labelOf(graph: UnrolledGraph, node: GraphNode): string {
  const row = graph.rows[node.row];
  if (node.kind === 'stub') return `${row.title}, ${node.label}`;
  if (!node.signal) return node.label;
  const step = node.column < graph.columns ? subscript(node.column) : '';
  const letter = `${node.label}${step}`;
  return node.kind === 'value' || node.kind === 'cell' ? `${row.title} ${letter}` : letter;
}

/** A number in the small digits that stand below the line. */
export function subscript(value: number): string {
  return String(value).replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]);
}

/** Control characters as signs that stand for them, lone surrogates as U+FFFD: a name is shown, never obeyed. */
export function visible(text: string): string {
  return text
    .replace(/\r?\n|[\u0085\u2028\u2029]/g, '↵')
    .replace(/\t/g, '⇥')
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '\u2423')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/**
 * Text for a quoted Mermaid label. Whatever Mermaid, Markdown or HTML might read as its own becomes an entity code
 * (`#35;`), which Mermaid turns back into the character when it draws.
 */
export function escapeLabel(text: string): string {
  return visible(text).replace(/[!-/:-@[-`{-~ﬂ]/g, (char, offset: number, whole: string) => {
    const inWord = /[-_]/.test(char) && isWord(whole[offset - 1]) && isWord(whole[offset + 1]);
    return inWord || char === ',' || char === '=' ? char : `#${char.codePointAt(0)};`;
  });
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /[A-Za-z0-9]/.test(char);
}
