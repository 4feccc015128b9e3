/** What mattered: the input, coloured by what each number or token of it brings to the output. */
import type { Attribution } from '../../../src/protocol';
import type { Context, Moment, View } from '../../feature';
import { pictureHead } from '../../shared/state';
import { common } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { createBody } from './body';
import { createControls } from './controls';
import { inputOf } from '../../../src/model/network';
import { attributionSheet } from '../../../src/picture/attribution/svg';
import { lookedAt, type Looked } from '../../../src/picture/attribution/found';
import { createFoot, createLargest } from './remarks';
import { progressInWords } from './say';
import { titleOf } from '../../../src/picture/attribution/say';
import { choiceOf, isAbout, isGivenUp, keyOf, questionOf, type Own, type OwnAction } from './state';
import { words } from './words';

type OwnContext = Context<Own, OwnAction>;

export function createView(context: OwnContext): View<Own> {
  const { dispatch, change, now, scale } = context;
  const title = h('h2', { class: 'attribution-title' });
  const progress = createProgress(context);
  const controls = createControls(context);
  const close = button({
    title: words.close,
    icon: icons.close,
    appearance: 'icon',
    onClick: () => dispatch({ type: 'showView', view: 'attribution', on: false }),
  });
  const body = createBody(context, { choose, again: () => render(now()) });
  const largest = createLargest(choose);
  const picture = h('div', { class: 'attribution-body' }, body.element, largest.element);
  const foot = createFoot();
  const note = createNote(context);
  const name = h('div', { class: 'attribution-name' }, title, ...progress.elements, body.readout);
  const head = h('div', { class: 'attribution-head' }, name, controls.element, close);
  const element = h('div', { class: 'attribution' }, head, picture, foot.element, note.element);
  /** The newest that was found; it stays until there is another. */
  let held: Attribution | null = null;
  let looked: Looked | null = null;
  let shown: readonly unknown[] = [];

  /** Stays with the output whose picture this is. */
  function choose(step: number): void {
    if (held?.found && now().own.pinned === null) change({ type: 'pin', step: held.found.target.step });
    dispatch({ type: 'goTo', step });
  }

  /** While it plays, nothing newer is asked for. */
  function isStale(moment: Moment<Own>): boolean {
    const choice = choiceOf(moment);
    const { run, playing } = moment.state;
    if (playing && held?.trace === run?.trace) return false;
    return held !== null && !(choice && run && isAbout(held, run.trace, choice));
  }

  /** Brings in line what is looked at; whether that has changed. */
  function take(moment: Moment<Own>): boolean {
    const { state, own, answer } = moment;
    const { scene, sequence } = state;
    const { latest } = answer('attribution');
    if (latest?.found) held = latest;
    if (!choiceOf(moment)) held = null;
    const reads = [held, scene, sequence, own.input, state.theme];
    if (reads.every((one, k) => one === shown[k])) return false;
    shown = reads;
    looked =
      held?.found && scene && sequence ? lookedAt(scene.network, sequence, held.found, own.input) : null;
    return true;
  }

  function render(moment: Moment<Own>): void {
    const { scene, dock } = moment.state;
    if (!scene || !dock.open.includes('attribution')) return;
    const changed = take(moment);
    const found = looked?.found ?? null;
    const stale = isStale(moment);
    const hindrance = hindranceTo(moment, looked !== null && !stale);
    picture.hidden = foot.element.hidden = looked === null || hindrance !== '';
    element.classList.toggle('stale', stale);
    if (changed && looked) {
      largest.show(looked);
      foot.show(looked, scale());
    }
    body.render(moment, looked);
    controls.render(moment, scene.network, found);
    progress.render(moment);
    note.show(moment, hindrance);
    setText(title, found ? titleOf(scene.network, found) : words.attribution);
    setAttribute(title, 'title', title.textContent);
    nameSection(element.parentElement, stale ? null : held);
  }

  /** Why there is nothing to see; empty where there is something, if only what was found before. */
  function hindranceTo({ state, own, answer }: Moment<Own>, isNew: boolean): string {
    const { failure } = answer('attribution');
    if (!state.run) return common.notRunYet;
    if (failure !== null) return failure;
    if (!isNew && isGivenUp({ state, own })) return words.cancelled;
    return looked === null ? words.working : '';
  }

  return {
    elements: [element],
    render,
    drawing: {
      label: words.attribution,
      draw({ theme }) {
        const { state } = now();
        const { scene } = state;
        const { width, height } = body.size();
        if (!scene || !looked || picture.hidden || width === 0) return null;
        const input = inputOf(scene.network, looked.input.layer);
        const heading = pictureHead(state, title.textContent);
        return attributionSheet(heading, looked, input, { width, height }, theme);
      },
    },
    phase(moment) {
      if (!moment.state.run) return 'empty';
      if (moment.answer('attribution').failure !== null) return 'error';
      const isNew = held !== null && !isStale(moment);
      if (!isNew && isGivenUp(moment)) return 'empty';
      return isNew ? 'ready' : 'loading';
    },
  };
}

/** How far the answer is that is on its way, and what stops it. */
function createProgress({ change, now }: OwnContext) {
  const said = h('span', { class: 'attribution-computing dim', role: 'status' });
  const cancel = button({
    title: words.cancelTitle,
    label: words.cancel,
    onClick: () => {
      const choice = choiceOf(now());
      if (choice) change({ type: 'giveUp', question: keyOf(choice) });
    },
  });
  return {
    elements: [said, cancel],
    render(moment: Moment<Own>): void {
      const { value, latest, failure } = moment.answer('attribution');
      const question = questionOf(moment, latest);
      const waits = question !== null && failure === null && !value?.found;
      const own = latest && question && isAbout(latest, question.trace, question) ? latest : null;
      setText(said, !waits ? '' : own ? progressInWords(own) : words.computing);
      cancel.hidden = !waits;
    },
  };
}

/** What stands in the picture's place. */
function createNote({ change }: OwnContext) {
  const said = h('span');
  const again = button({
    title: words.again,
    label: words.again,
    onClick: () => change({ type: 'giveUp', question: null }),
  });
  const element = h('div', { class: 'attribution-note dim' }, said, again);
  return {
    element,
    show(moment: Moment<Own>, hindrance: string): void {
      setText(said, hindrance);
      element.hidden = hindrance === '';
      again.hidden = hindrance !== words.cancelled || !isGivenUp(moment);
    },
  };
}

/** The contract's attributes. */
function nameSection(section: HTMLElement | null, of: Attribution | null): void {
  if (!section) return;
  const found = of?.found;
  const numbers = {
    completeness: found?.completeness.error,
    sum: found?.completeness.sum,
    difference: found?.completeness.difference,
    step: found?.target.step,
    unit: found?.target.unit,
    value: found?.target.value,
  };
  for (const [key, number] of Object.entries(numbers)) {
    setAttribute(section, `data-${key}`, number === undefined ? null : String(number));
  }
  setAttribute(section, 'data-of', found ? (found.logit ? 'logit' : 'output') : null);
  setAttribute(section, 'data-method', of?.choice.method ?? null);
  setAttribute(section, 'data-baseline', of?.choice.baseline ?? null);
}
