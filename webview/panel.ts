/** Puts the panel together: host and user → actions → state → the features, each in its region. */
import { createScale, type ColorScale } from '../src/picture/colour/scale';
import { readTheme } from './colour/theme';
import type { AnyFeature, Context, Moment, View } from './feature';
import * as all from './features';
import type { Host } from './vscode';
import { Questions } from './questions';
import { phase, type Action, type State } from './shared/state';
import { createDock } from './shell/dock';
import { offersOf, takePicture, type Drawable } from './shell/pictures';
import { createRegions } from './shell/regions';
import { Store } from './store';
import { checkedSettings, type PanelSettings } from '../src/panelSettings';
import { setAttribute } from './ui/dom';
import { setNumberFormat } from '../src/picture/format';

const PERSIST_MILLISECONDS = 100;

const features: readonly AnyFeature[] = Object.values(all).sort((a, b) => a.order - b.order);

/** A feature on screen. */
interface Mounted {
  readonly feature: AnyFeature;
  readonly view: View<unknown>;
  /** What it was last rendered from. */
  shown: { readonly state: State; readonly own: unknown; readonly answers: number } | null;
  /** Grows when an answer to it has arrived. */
  answers: number;
}

export function startPanel(root: HTMLElement, host: Host): void {
  const settings = settingsOf(root);
  setNumberFormat(settings.numberFormat);
  const store = new Store(features, host.getState(), settings);
  const questions = new Questions(
    (kind, ask) => host.request(kind, ask),
    (asker) => {
      const one = mounted.find(({ feature }) => feature.name === asker)!;
      one.answers++;
      // What is asked may depend on what was answered.
      askFor(one.feature);
      renderSoon();
    },
  );
  const panes = features.flatMap(({ name, pane }) => (pane ? [{ ...pane, name }] : []));
  const dock = createDock(panes, () => store.state, store.dispatch);
  const regions = createRegions(root, dock.element);
  let scale: ColorScale | null = null;

  function momentOf({ name }: AnyFeature): Moment<unknown> {
    return {
      state: store.state,
      own: store.ownOf(name),
      answer: (kind, place) => questions.answer(name, kind, place),
    };
  }

  function mount(feature: AnyFeature): Mounted {
    const { name, region } = feature;
    const context: Context<unknown, unknown> = {
      now: () => momentOf(feature),
      dispatch: store.dispatch,
      change: (action) => store.change(feature, action),
      post: (message) => host.post(message),
      alone: host.alone,
      prefetch: (kind, ask) => questions.prefetch(kind, ask),
      scale: () => (scale ??= createScale(readTheme())),
      region: regions[region],
      panes,
    };
    const view = feature.create(context);
    if (view.drawing && !host.alone) for (const element of view.elements) offerPicture(element, name);
    (region === 'dock' ? dock.section(name) : regions[region]).append(...view.elements);
    return { feature, view, shown: null, answers: 0 };
  }

  function render(): void {
    setAttribute(root, 'data-state', phase(store.state));
    dock.render(store.state);
    for (const one of mounted) {
      const { feature, view, shown, answers } = one;
      const now = momentOf(feature);
      if (shown?.state === now.state && shown.own === now.own && shown.answers === answers) continue;
      one.shown = { state: now.state, own: now.own, answers };
      try {
        view.render(now);
        if (feature.pane)
          setAttribute(dock.section(feature.name), 'data-state', view.phase?.(now) ?? 'ready');
      } catch (error) {
        // A fault of one leaves the others.
        reportError(error);
      }
    }
  }

  function ask(before: State): void {
    const { scene, run } = store.state;
    if (scene?.id !== before.scene?.id) questions.forget();
    if (run && run !== before.run) questions.keepOnly(run.trace);
    features.forEach(askFor);
  }

  function askFor(feature: AnyFeature): void {
    const now = momentOf(feature);
    if (feature.asks) questions.put(feature.name, feature.asks(now));
    feature.asksBeside?.(now).forEach((asks, k) => questions.put(feature.name, asks, k + 1));
  }

  /** The views that are open. */
  function drawables(): Drawable[] {
    return mounted.flatMap(({ feature: { name, pane }, view: { drawing } }) =>
      drawing && (!pane || store.state.dock.open.includes(name)) ? [{ name, drawing }] : [],
    );
  }

  async function answerPicture(asked: Extract<Action, { readonly type: 'takePicture' }>): Promise<void> {
    const changes = store.state.run?.changes?.sets ?? [];
    host.post({ type: 'picture', id: asked.id, result: await takePicture(drawables(), changes, asked) });
  }

  const persistSoon = debounce(() => host.setState(store.keep()));
  const renderSoon = oncePerFrame(() => {
    render();
    persistSoon();
  });
  const mounted = features.map(mount);
  store.subscribe((action, before) => {
    if (store.state.theme !== before.theme) scale = null;
    ask(before);
    if (action) for (const { view } of mounted) view.hear?.(action);
    if (action?.type === 'askPictures')
      host.post({ type: 'savePicture', offers: offersOf(drawables()), to: action.to });
    else if (action?.type === 'takePicture') void answerPicture(action);
    renderSoon();
  });
  onThemeChange(() => store.dispatch({ type: 'themeChanged' }));
  setAttribute(document.body, 'data-reduced-motion', settings.reducedMotion);
  host.listen(store.dispatch);
  render();
  host.post({ type: 'ready', sample: store.state.sample, origin: store.state.origin });
}
/** In its context menu: see "webview/context" in package.json. */
function offerPicture({ dataset }: HTMLElement, view: string): void {
  dataset.vscodeContext = JSON.stringify({ preventDefaultContextMenuItems: true, gatescopePicture: view });
}

/** What the page was given. */
function settingsOf({ dataset }: HTMLElement): PanelSettings {
  return checkedSettings(JSON.parse(dataset.settings ?? '{}'));
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
