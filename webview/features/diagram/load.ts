import type { Diagram, DiagramOptions } from './contract';

/** Mermaid is set up on its own, so that the panel shows something before it is ready. */
export async function loadDiagram(host: HTMLElement, options: DiagramOptions): Promise<Diagram> {
  const { createDiagram } = await import('./unrolledDiagram');
  return createDiagram(host, options);
}
