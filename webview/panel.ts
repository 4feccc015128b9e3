/** Puts the panel together: host and user → actions → state → views, the picture and what follows outside. */
import { toMermaid } from '../src/unroll/mermaid';
import { unroll } from '../src/unroll/graph';
import type { Problem } from '../src/model/problem';
import type { DiagramOptions, DiagramView } from './diagram/diagram';
import { createScale, type ColorScale } from './colour/scale';
import { h } from './dom';
import { Effects } from './effects';
import { Hover } from './hover';
import { listenToKeys } from './keyboard';
import { persisted, readPersisted } from './persistence';
import { Picture } from './picture';
import { initialState, phase, type State } from './state';
import { Store } from './store';
import { strings } from './strings';
import { readTheme } from './colour/theme';
import { createAnnouncer } from './views/announcer';
import { createFooter } from './views/footer';
import { createHoverCard } from './views/hoverCard';
import { createLens } from './views/memory/lens';
import { createProblemBanner } from './views/problemBanner';
import { createProgress } from './views/progress';
import { createCannotDraw, createLoading, createNoSequence } from './views/status';
import { createToolbar } from './views/toolbar';
import type { Commands, View } from './views/view';
import type { Host } from './vscode';

const PERSIST_MILLISECONDS = 100;

export function startPanel(root: HTMLElement, host: Host): void {
  const restored = readPersisted(host.getState());
  const store = new Store(initialState(restored));
  const { dispatch } = store;
  const effects = new Effects(host, dispatch);
  const reveal = (problem: Problem) => host.post({ type: 'reveal', problem });

  const diagramHost = h('main', { class: 'diagram-host', 'aria-label': strings.diagram });
  const picture = new Picture({
    diagram: loadDiagram(diagramHost, {
      onViewChange: () => persistSoon(),
      onMoveWindow: (start) => dispatch({ type: 'showFrom', start }),
    }),
    dispatch,
    state: () => store.state,
    view: restored.view,
    onFirstPaint: () => host.post({ type: 'painted', milliseconds: performance.now() }),
  });
  const commands = createCommands(host, store, picture);

  let scale: ColorScale | null = null;
  const currentScale = () => (scale ??= createScale(readTheme()));
  const card = createHoverCard(dispatch, commands, currentScale, (address) => picture.element(address));
  const hover = new Hover({
    diagram: diagramHost,
    find: (address) => picture.element(address),
    card: card.element,
    dispatch,
    prefetch: (address) => effects.prefetch(store.state, address),
  });
  const inStage = [
    createLoading(),
    createCannotDraw(commands, reveal),
    createNoSequence(commands),
    createProgress(commands),
  ];
  const toolbar = createToolbar(dispatch, commands);
  const banner = createProblemBanner(dispatch, reveal);
  const lens = createLens(dispatch);
  const footer = createFooter(reveal, currentScale);
  const announcer = createAnnouncer();
  const stage = h(
    'div',
    { class: 'stage' },
    diagramHost,
    ...inStage.map(({ element }) => element),
    card.element,
  );
  const views: View[] = [toolbar, banner, ...inStage, lens, footer, announcer, card];
  root.append(toolbar.element, banner.element, stage, lens.element, footer.element, announcer.element);

  const persistSoon = debounce(() => host.setState(persisted(store.state, picture.getView())));
  const renderSoon = oncePerFrame(() => {
    picture.sync(store.state);
    hover.follow(store.state);
    render(root, views, store.state);
    persistSoon();
  });
  store.subscribe((state, before) => {
    if (state.theme !== before.theme) scale = null;
    effects.react(state, before);
    renderSoon();
  });
  onThemeChange(() => dispatch({ type: 'themeChanged' }));
  listenToKeys(() => store.state, dispatch);
  host.listen(dispatch);
  render(root, views, store.state);
  host.post({ type: 'ready', sample: restored.sample });
}

function render(root: HTMLElement, views: readonly View[], state: State): void {
  const word = phase(state);
  if (root.dataset.state !== word) root.dataset.state = word;
  for (const view of views) view.render(state);
}

function createCommands(host: Host, store: Store, picture: Picture): Commands {
  return {
    run: (sample) => host.post({ type: 'run', sample }),
    pick: () => host.post({ type: 'pick' }),
    cancel: () => host.post({ type: 'cancel' }),
    openSource: () => host.post({ type: 'openSource' }),
    chooseReading: () => host.post({ type: 'chooseReading' }),
    attachWeights: () => host.post({ type: 'attachWeights' }),
    copy: (text) => host.post({ type: 'copy', text }),
    copyMermaid() {
      const { scene, columns, detail } = store.state;
      if (scene) host.post({ type: 'copy', text: toMermaid(unroll(scene.network, { columns, detail })) });
    },
    fit: () => picture.fit(),
    zoomBy: (factor) => picture.zoomBy(factor),
  };
}

/** Mermaid comes in chunks of its own, so that the panel shows something before they are here. */
async function loadDiagram(host: HTMLElement, options: DiagramOptions): Promise<DiagramView> {
  const { createDiagram } = await import('./diagram/view');
  return createDiagram(host, options);
}

/** VS Code names the theme on the body and keeps its colours in the root element's style. */
function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributeFilter: ['style'] });
}

function oncePerFrame(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}

function debounce(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, PERSIST_MILLISECONDS);
  };
}
