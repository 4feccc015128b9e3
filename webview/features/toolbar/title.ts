/** The model's name and what it is. */
import { visible } from '../../../src/unroll/mermaid';
import type { Piece } from '../../feature';
import { architecture } from '../../../src/words/summary';
import { common } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';

export function createTitle(): Piece {
  const name = h('h1', { class: 'model-name' });
  const untrained = h('span', { class: 'badge', title: common.untrainedTitle }, common.untrained);
  const kind = h('span', { class: 'dim model-kind' });
  return {
    element: h('div', { class: 'title' }, name, untrained, kind),
    render({ scene }) {
      if (!scene) return;
      const { network } = scene;
      setText(name, visible(network.name));
      setAttribute(name, 'title', [network.name, network.description].filter(Boolean).join('\n'));
      untrained.hidden = scene.trained;
      setText(kind, architecture(network));
      setAttribute(kind, 'title', architecture(network));
    },
  };
}
