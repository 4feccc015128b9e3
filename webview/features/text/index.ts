/** The picture and the model's text: what is chosen here is shown there, and the layer of the cursor there is marked here. */
import type { Context, Feature, View } from '../../feature';
import { COMPARED } from '../../shared/compared';
import { addressOf, signalNode } from '../../shared/nodes';
import { setAttribute } from '../../ui/dom';

/** Its own state: the layer in whose text the cursor stands. */
export const text: Feature<string | null> = {
  name: 'text',
  region: 'stage',
  order: 90,
  slice: {
    restore: () => null,
    reduce: (marked, action) => (action.type === 'mark' ? action.layer : marked),
  },
  create,
};

function create({ region, post }: Context<string | null>): View<string | null> {
  let reads: readonly unknown[] = [];
  region.addEventListener('dblclick', ({ target }) => {
    const node = signalNode(target);
    if (node && !node.closest(COMPARED))
      post({ type: 'revealLayer', layer: addressOf(node).layer, focus: true });
  });

  return {
    elements: [],
    render({ state: { scene, drawing, start, detail, columns }, own: marked }) {
      const newest = [marked, scene, drawing, start, detail, columns];
      if (newest.every((one, index) => one === reads[index])) return;
      reads = newest;
      for (const node of region.querySelectorAll<SVGGElement>('g[data-signal]')) {
        const isMarked = marked !== null && node.dataset.layer === marked && !node.closest(COMPARED);
        setAttribute(node, 'data-marked', isMarked ? '' : null);
      }
    },
    hear(action) {
      if (action.type === 'select') post({ type: 'revealLayer', layer: action.signal.layer, focus: false });
    },
  };
}
