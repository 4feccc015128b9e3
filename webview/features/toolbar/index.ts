/** The model's name, the sequence, the playhead, how the picture is shown, and the switches of the views. */
import './toolbar.css';
import { toMermaid } from '../../../src/unroll/mermaid';
import { unroll } from '../../../src/unroll/graph';
import type { Context, Feature, View } from '../../feature';
import { h } from '../../ui/dom';
import { createMenu } from './menu';
import { createPictureControls } from './pictureControls';
import { createSequenceControls } from './sequence';
import { createSwitches } from './switches';
import { createTitle } from './title';
import { createTransport } from './transport';
import { words } from './words';

/** Below this width the controls of the picture move into the menu. */
const COMPACT_WIDTH = 1270;
/** Below this width the playhead has a row of its own. */
const NARROW_WIDTH = 800;

export const toolbar: Feature = { name: 'toolbar', region: 'bar', order: 10, create: createToolbar };

function createToolbar(context: Context): View {
  const { dispatch, post, panes } = context;
  const title = createTitle();
  const sequence = createSequenceControls(post);
  const transport = createTransport(dispatch);
  const picture = createPictureControls(dispatch);
  const switches = createSwitches(panes, dispatch);
  const menu = createMenu(words.more, [
    { label: words.copyMermaid, onClick: () => copyMermaid(context) },
    { label: words.attachWeights, onClick: () => post({ type: 'attachWeights' }) },
    { label: words.openSource, onClick: () => post({ type: 'openSource' }) },
  ]);
  const element = h(
    'header',
    { class: 'toolbar', role: 'toolbar', 'aria-label': words.toolbar },
    title.element,
    h('div', { class: 'divider' }),
    sequence.element,
    h('div', { class: 'divider' }),
    transport.element,
    h('div', { class: 'spring' }),
    picture.element,
    switches.element,
    menu.element,
  );
  new ResizeObserver(([{ contentRect }]) => {
    element.toggleAttribute('data-narrow', contentRect.width < NARROW_WIDTH);
    const compact = contentRect.width < COMPACT_WIDTH;
    if (element.hasAttribute('data-compact') === compact) return;
    element.toggleAttribute('data-compact', compact);
    if (compact) menu.popup.prepend(picture.element);
    else element.insertBefore(picture.element, switches.element);
  }).observe(element);
  const pieces = [title, sequence, transport, picture, switches];
  return {
    elements: [element],
    render({ state }) {
      element.classList.toggle('empty', !state.scene);
      for (const piece of pieces) piece.render(state);
    },
  };
}

function copyMermaid({ now, post }: Context): void {
  const { scene, columns, detail } = now().state;
  if (scene) post({ type: 'copy', text: toMermaid(unroll(scene.network, { columns, detail })) });
}
