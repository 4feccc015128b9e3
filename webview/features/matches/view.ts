/** The matches on screen: what is looked for, and the places where it is found. */
import type { FoundMatch, Matches, MatchPlace } from '../../../src/protocol';
import type { Context, Moment, View } from '../../feature';
import { notRunReason, signalOf } from '../../shared/signals';
import { unitInWords } from '../../../src/picture/names';
import type { State } from '../../shared/state';
import { common, fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount, formatPrecise } from '../../../src/picture/format';
import { createHeader } from './header';
import { createList } from './list';
import { NAME, isAnswer, questionOf, type Goal, type Own, type OwnAction } from './state';
import { createStrip } from './strip';
import { words } from './words';

export function createView(context: Context<Own, OwnAction>): View<Own> {
  const { dispatch, change, post, now } = context;
  const header = createHeader(context);
  const strip = createStrip((margins) => change({ type: 'offBeside', ...margins }));
  const units = createUnits((unit) => {
    const { sought } = now().own;
    if (!sought) return;
    dispatch({ type: 'select', signal: sought.signal, unit });
    dispatch({ type: 'selectUnit', unit });
  });
  const list = createList({ onMove: (index) => change({ type: 'moveTo', index }), onGo: go });
  const status = h('div', { class: 'matches-status dim', role: 'status' });
  const failure = h('div', { class: 'matches-failure', role: 'alert' });
  const left = h('div', { class: 'matches-left dim' });
  const note = h('div', { class: 'matches-note dim' });
  const element = h(
    'div',
    { class: 'matches' },
    ...[header.element, strip.element, units.element, failure, status, left, list.element, note],
  );

  function go({ place, from, to }: FoundMatch): void {
    const { state, answer } = now();
    const target = answer('matches').latest?.places[place];
    if (!target) return;
    const { sample, title } = target;
    if (isShown(state, target)) dispatch({ type: 'goToFound', range: { from, to } });
    else {
      change({ type: 'headFor', goal: { sample, title, place: { from, to } } });
      if (sample !== null) post({ type: 'run', sample });
      else post({ type: 'runSource', what: target.kind === 'file' ? 'file' : 'origin' });
    }
  }

  function name({ own }: Moment<Own>, known: Matches | null): void {
    const section = element.parentElement;
    if (!section) return;
    const { sought, threshold } = own;
    setAttribute(section, 'data-threshold', String(threshold));
    setAttribute(section, 'data-from', sought ? String(sought.from) : '');
    setAttribute(section, 'data-to', sought ? String(sought.to) : '');
    setAttribute(section, 'data-units', known?.units ? known.units.join(',') : '');
    setAttribute(section, 'data-found', known ? String(known.found) : '');
  }

  return {
    elements: [element],
    render(moment) {
      const { state, own, answer } = moment;
      if (!state.dock.open.includes(NAME) || !state.scene) return;
      const known = shownOf(moment);
      const { words: said } = stateOf(moment);
      header.render(state, own, known);
      const isSought = known !== null && own.sought !== null;
      strip.show(
        ...([isSought ? known.range : null, known?.question ?? { from: 0, to: 0 }] as const),
        ...([own, keyOf(known)] as const),
      );
      units.render(state, own, isSought ? known : null);
      list.render(isSought && said === '' ? known : null, own.active);
      const question = questionOf(moment, known);
      const isStale = known !== null && question !== null && !isAnswer(known, question);
      element.classList.toggle('stale', isStale && answer('matches').failure === null);
      setText(status, isSought && said === '' ? progressInWords(known) : '');
      status.hidden = status.textContent === '';
      setText(failure, own.sources.failure ?? '');
      failure.hidden = own.sources.failure === null;
      setText(left, isSought ? leftOut(known).join(' · ') : '');
      left.hidden = left.textContent === '';
      setText(note, said);
      note.hidden = said === '';
      name(moment, known);
    },
    phase: (moment) => stateOf(moment).phase,
    /** There once the sequence has run. */
    hear(action) {
      const { own } = now();
      if (action.type !== 'ran' || action.run.role !== 'base' || !own.goal) return;
      const { goal } = own;
      change({ type: 'headFor', goal: null });
      if (isOf(action.run.sequence, goal)) dispatch({ type: 'goToFound', range: goal.place });
    },
  };
}

/** What is known of what is sought: while the answer to a question is on its way, that to the one before. */
function shownOf({ own, answer }: Moment<Own>): Matches | null {
  const { latest } = answer('matches');
  const { sought } = own;
  return latest && sought && latest.question.trace === sought.trace ? latest : null;
}

/** Of what is drawn of the chosen steps. */
function keyOf(known: Matches | null): string {
  if (!known) return '';
  const { trace, from, to, sources } = known.question;
  return [trace, from, to, sources].join(' ');
}

interface Named {
  readonly sample: string | null;
  readonly title: string;
}

function isOf(sequence: Named, { sample, title }: Goal | MatchPlace): boolean {
  return sample !== null ? sequence.sample === sample : sequence.sample === null && sequence.title === title;
}

function isShown({ run }: State, place: MatchPlace): boolean {
  return run !== null && isOf(run.sequence, place);
}

function progressInWords({ places, found, matches, done, units }: Matches): string {
  const counted = found === 1 ? words.oneFound : fill(words.found, formatCount(found));
  const listed =
    found > matches.length ? fill(words.best, formatCount(found), formatCount(matches.length)) : counted;
  if (done) return listed;
  const current = places.find(({ state }) => state === 'searching');
  const going = current
    ? fill(words.searching, current.title, Math.floor(100 * current.share))
    : words.searchingNext;
  return units === null ? going : `${listed} · ${going}`;
}

function leftOut({ places }: Matches): string[] {
  return places.flatMap(({ title, reason }) =>
    reason === undefined ? [] : [fill(words.leftOut, title, reason)],
  );
}

/** What the section says of itself; words where there is nothing to list. */
function stateOf(moment: Moment<Own>): {
  readonly phase: 'loading' | 'ready' | 'empty' | 'error';
  readonly words: string;
} {
  const { state, own, answer } = moment;
  const { sought } = own;
  if (!sought) return nothingSought(state);
  const reason = state.scene && notRunReason(state.scene.network, state.run, sought.signal);
  if (reason) return { phase: 'empty', words: reason };
  if (state.run?.trace === sought.trace && !signalOf(state.run, sought.signal)) {
    return { phase: 'empty', words: fill(words.gone, sought.signal.signal, sought.signal.layer) };
  }
  const { failure, latest } = answer('matches');
  if (failure !== null) return { phase: 'error', words: failure };
  const question = questionOf(moment, latest);
  const known = question === null ? shownOf(moment) : latest;
  if (!known || (question !== null && !isAnswer(known, question))) {
    return { phase: 'loading', words: shownOf(moment) ? '' : words.reading };
  }
  const { units, found, done } = known;
  if (units?.length === 0) return { phase: 'empty', words: noUnit(known) };
  if (!done) return { phase: 'loading', words: units === null ? words.reading : '' };
  return found === 0 ? { phase: 'empty', words: words.nowhere } : { phase: 'ready', words: '' };
}

function nothingSought({ run, running, runFailure }: State): ReturnType<typeof stateOf> {
  if (running) return { phase: 'loading', words: words.reading };
  if (run) return { phase: 'empty', words: words.hint };
  return runFailure === null
    ? { phase: 'empty', words: common.notRunYet }
    : { phase: 'error', words: runFailure };
}

function noUnit({ question: { threshold, offBefore, offAfter }, highest }: Matches): string {
  if (highest !== null && highest <= threshold) {
    return fill(words.noUnitHighest, threshold, formatPrecise(highest));
  }
  return fill(offBefore + offAfter > 0 ? words.noUnitBeside : words.noUnit, threshold);
}

/** The units that are on, each of which can be chosen. */
function createUnits(choose: (unit: number) => void) {
  const element = h('div', { class: 'matches-units scrolls', role: 'group', 'aria-label': words.unitsTitle });
  let shown: Matches['units'] = null;
  return {
    element,
    render({ scene, selection }: State, { listsUnits, sought }: Own, known: Matches | null) {
      const units = known?.units ?? null;
      element.hidden = !listsUnits || !units || units.length === 0;
      if (element.hidden || !scene || !sought) return;
      if (units !== shown) {
        shown = units;
        element.replaceChildren(
          ...units!.map((unit) => {
            const label = unitInWords(scene.network, sought.signal, unit);
            const one = button({ title: fill(words.unitTitle, unit), label, onClick: () => choose(unit) });
            one.dataset.unit = String(unit);
            return one;
          }),
        );
      }
      for (const one of element.children) {
        const isChosen = (one as HTMLElement).dataset.unit === String(selection.unit);
        setAttribute(one, 'aria-pressed', String(isChosen));
        setAttribute(one, 'appearance', isChosen ? 'primary' : 'secondary');
      }
    },
  };
}
