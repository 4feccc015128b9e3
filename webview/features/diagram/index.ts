/** The unrolled network. */
import './diagram.css';
import type { ShownView } from '../../../src/protocol';
import type { Context, Feature, View } from '../../feature';
import { comparedState } from '../../shared/compared';
import { memoryAsked, memoryQuestion } from '../../shared/memoryAsked';
import { numbersAsked } from '../../shared/numbersAsked';
import type { State } from '../../shared/state';
import { h } from '../../ui/dom';
import type { Viewpoint } from './contract';
import { createCaptions } from './captions';
import { loadDiagram } from './load';
import { DiagramUpdater } from './updater';
import { slice, type Looked } from './viewpoint';
import { words } from './words';

/** A width that has not changed for so long is kept: dragging a divider draws nothing anew. */
const SETTLED_MILLISECONDS = 150;

export const diagram: Feature<Viewpoint | null, Looked> = {
  name: 'diagram',
  region: 'stage',
  order: 10,
  slice,
  asks: ({ state, answer }) => ({ ...numbersAsked(state), ...memoryAsked(state, answer)[0] }),
  asksBeside: ({ state, answer }) => {
    const compared = comparedState(state);
    const numbers = compared ? numbersAsked(compared) : { sizes: null, unit: null };
    return [
      { ...numbers, memory: compared && memoryQuestion(state, answer('memory', 1).latest, compared.run) },
    ];
  },
  create: createView,
};

function createView({
  now,
  dispatch,
  change,
  post,
  region,
}: Context<Viewpoint | null, Looked>): View<Viewpoint | null> {
  const element = h('main', { class: 'diagram-host', 'aria-label': words.diagram });
  const captions = createCaptions();
  const updater = new DiagramUpdater({
    diagram: loadDiagram(element, {
      onLook: (from) => change({ type: 'looked', from }),
      onMoveWindow: (start) => dispatch({ type: 'showFrom', start }),
      onLeftOut: (reason) => captions.leaveOut(reason),
    }),
    dispatch,
    now,
    viewpoint: now().own,
    onFirstPaint: () => post({ type: 'painted', milliseconds: performance.now() }),
  });
  let told = '';
  watchWidth(element, (width) => dispatch({ type: 'resized', width }));

  /** The host copies the same diagram, and exports the same part. */
  function tell({ start, columns, detail, selection }: State): void {
    const { signal, range } = selection;
    const view: ShownView = { start, steps: columns, detail, signal, range };
    const text = JSON.stringify(view);
    if (told === text) return;
    told = text;
    post({ type: 'view', ...view });
  }

  return {
    elements: [element, ...captions.elements],
    render(moment) {
      updater.update(moment);
      captions.render(moment.state);
      region.toggleAttribute('data-pair', moment.state.compared !== null);
      if (moment.state.scene) tell(moment.state);
    },
    drawing: {
      ...{ label: words.diagram, bare: true },
      chosen: () => now().state.selection.range,
      draw: (look) => updater.drawn(look),
    },
    hear(action) {
      if (action.type === 'fit') updater.fit();
      else if (action.type === 'zoomBy') updater.zoomBy(action.factor);
    },
  };
}

/** Tells the first width of an element at once, others when they have settled; none while it is out of sight. */
function watchWidth(element: HTMLElement, tell: (width: number) => void): void {
  let told: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  new ResizeObserver(([{ contentRect }]) => {
    const width = Math.round(contentRect.width);
    clearTimeout(timer);
    if (width === 0 || width === told) return;
    const settled = () => tell((told = width));
    if (told === null) settled();
    else timer = setTimeout(settled, SETTLED_MILLISECONDS);
  }).observe(element);
}
