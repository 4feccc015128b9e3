/** The picture of the run that is compared, below the other one: one playhead, one window. */
import type { Context, Feature, Moment, View } from '../../feature';
import { comparedState } from '../../shared/compared';
import { numbersAsked } from '../../shared/numbersAsked';
import { fill } from '../../shared/words';
import { h, setText } from '../../ui/dom';
import { visible } from '../../../src/unroll/mermaid';
import { DiagramUpdater } from './updater';
import { loadDiagram } from './load';
import { words } from './words';

export const comparedDiagram: Feature = {
  name: 'comparedDiagram',
  region: 'stage',
  order: 15,
  asks: ({ state }) => {
    const compared = comparedState(state);
    return compared ? numbersAsked(compared) : { sizes: null, unit: null };
  },
  create: createComparedDiagram,
};

function createComparedDiagram({ now, dispatch, region }: Context): View {
  const picture = h('div', { class: 'diagram-host' });
  const own = h('div', { class: 'diagram-caption', hidden: true });
  const other = h('div', { class: 'diagram-caption' });
  const element = h(
    'section',
    { class: 'diagram-compared', 'data-run': 'compared', 'aria-label': words.compared, hidden: true },
    picture,
    other,
  );
  let updater: DiagramUpdater | null = null;

  const ofCompared = (all: Moment<null>): Moment<null> | null => {
    const state = comparedState(all.state);
    return state && { ...all, state };
  };

  const createUpdater = () =>
    new DiagramUpdater({
      diagram: loadDiagram(picture, { onMoveWindow: (start) => dispatch({ type: 'showFrom', start }) }),
      dispatch(action) {
        if (action.type === 'drawFailed') setText(other, action.message);
      },
      now: () => ofCompared(now()) ?? now(),
      viewpoint: null,
      onFirstPaint: () => undefined,
    });

  return {
    elements: [element, own],
    render(all) {
      const mine = ofCompared(all);
      element.hidden = own.hidden = !mine;
      region.toggleAttribute('data-compared', !!mine);
      if (!mine) return;
      setText(own, fill(words.pictureOf, 'A', visible(all.state.scene!.fileName)));
      setText(other, fill(words.pictureOf, 'B', visible(mine.state.run!.name ?? '')));
      updater ??= createUpdater();
      updater.update(mine);
    },
    hear(action) {
      if (action.type === 'fit') updater?.fit();
      else if (action.type === 'zoomBy') updater?.zoomBy(action.factor);
    },
  };
}
