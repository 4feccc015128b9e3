/** The model's name, the sequence, the playhead, how the picture is shown, and the switches of the views. */
import './toolbar.css';
import { fenced, toMermaid } from '../../../src/unroll/mermaid';
import { unroll } from '../../../src/unroll/graph';
import type { Context, Feature, View } from '../../feature';
import { h } from '../../ui/dom';
import { fitToolbar, partsInMenu } from './fit';
import { createMenu } from './menu';
import { createPictureControls } from './pictureControls';
import { createSequenceControls } from './sequence';
import { createSwitches } from './switches';
import { createTitle } from './title';
import { createTransport } from './transport';
import { words } from './words';

export const toolbar: Feature = { name: 'toolbar', region: 'bar', order: 10, create: createToolbar };

function createToolbar(context: Context): View {
  const { dispatch, post, panes, alone } = context;
  const title = createTitle();
  const sequence = createSequenceControls(context);
  const transport = createTransport(dispatch);
  const picture = createPictureControls(dispatch);
  const switches = createSwitches(panes, dispatch);
  const menu = createMenu(words.more, [
    ...(alone ? [] : [{ label: words.export, onClick: () => post({ type: 'export' }) }]),
    ...(alone ? [] : ofPictures(dispatch)),
    { label: words.copyMermaid, onClick: () => copyDiagram(context, (mermaid) => mermaid) },
    { label: words.copyMarkdown, onClick: () => copyDiagram(context, fenced) },
    ...(alone ? [] : ofEditor(post)),
    { label: words.keys, onClick: () => dispatch({ type: 'showKeys' }) },
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
  menu.popup.prepend(picture.inMenu);
  const pieces = [title, sequence, transport, picture, switches];
  const resized = new ResizeObserver(() => {
    if (element.clientWidth === 0) return;
    const focused = document.activeElement;
    picture.placeInMenu([]);
    picture.placeInMenu(partsInMenu(fitToolbar(element)));
    // What is moved loses it.
    if (focused instanceof HTMLElement && element.contains(focused)) focused.focus();
  });
  for (const one of [element, ...pieces.map((piece) => piece.element)]) resized.observe(one);
  return {
    elements: [element],
    render({ state }) {
      element.classList.toggle('empty', !state.scene);
      for (const piece of pieces) piece.render(state);
    },
  };
}

function ofPictures(dispatch: Context['dispatch']) {
  return [
    { label: words.savePicture, onClick: () => dispatch({ type: 'askPictures', to: 'file' }) },
    { label: words.copyPicture, onClick: () => dispatch({ type: 'askPictures', to: 'clipboard' }) },
  ];
}

function ofEditor(post: Context['post']) {
  return [
    { label: words.compareWith, onClick: () => post({ type: 'compareWith' }) },
    { label: words.compareCells, onClick: () => post({ type: 'compareCells' }) },
    { label: words.attachWeights, onClick: () => post({ type: 'attachWeights' }) },
    { label: words.openSource, onClick: () => post({ type: 'openSource' }) },
  ];
}

function copyDiagram({ now, post }: Context, text: (mermaid: string) => string): void {
  const { scene, columns, detail } = now().state;
  if (scene) post({ type: 'copy', text: text(toMermaid(unroll(scene.network, { columns, detail }))) });
}
