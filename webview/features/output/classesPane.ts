/** Each step with the class that it is held to be, as high as the network is sure of it. */
import type { RunSummary } from '../../../src/protocol';
import { percent } from '../../../src/picture/format';
import type { Context, Moment } from '../../feature';
import type { State } from '../../shared/state';
import { fill } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import type { TimePane } from './pane';
import type { Chosen, Own } from './state';
import { classesPicture, showsClasses } from '../../../src/picture/output/classes';
import { tokensSheet } from '../../../src/picture/output/svg';
import { createTimeline } from './timeline';
import { middleOfToken, paintTokens, tokenAt, type TokenPicture } from '../../../src/picture/output/tokens';
import { words } from './words';

export function createClassesPane({ now, dispatch, scale }: Context<Own, Chosen>): TimePane {
  const current = h('div', { class: 'output-sentence', 'data-class': true });
  let hovered: number | null = null;
  let picture: TokenPicture | null = null;
  let run: RunSummary | null = null;
  const line = createTimeline<TokenPicture>({
    paint: paintTokens,
    onPoint(x, clicked) {
      hovered = x === null || !picture ? null : tokenAt(x, picture.tokens.length, line.width);
      if (clicked && hovered !== null) dispatch({ type: 'goTo', step: hovered });
      say(now().state);
    },
    onSize: () => place(now().state),
  });
  line.element.setAttribute('role', 'img');
  line.element.setAttribute('aria-label', words.classesTitle);
  const caption = h('div', { class: 'output-caption dim' }, words.classesTitle);
  const hint = h('div', { class: 'output-sentence dim' }, words.classesHint);
  const element = h('div', { class: 'output-time' }, caption, line.element, current, hint);

  function place({ step }: State): void {
    line.place(picture ? middleOfToken(step, picture.tokens.length, line.width) : null);
  }

  /** Of the step under the pointer, else of the playhead's. */
  function say({ step }: State): void {
    if (!picture) return;
    const at = Math.min(hovered ?? step, picture.shares.length - 1);
    const share = picture.shares[at];
    setAttribute(current, 'data-step', String(at));
    setAttribute(current, 'data-value', String(share));
    setText(current, fill(words.classAt, formatCount(at + 1), picture.names![at], percent(share)));
  }

  return {
    element,
    drawn(title, theme) {
      const { drawn } = line;
      const around = { title: [title, words.classesTitle].join(' · ') };
      return drawn && tokensSheet(around, drawn.picture, drawn.size, theme);
    },
    render({ state, own }: Moment<Own>, network) {
      if (!state.run || own.unit !== null || !showsClasses(network, state.run)) {
        picture = null;
        return false;
      }
      const colours = scale();
      if (run !== state.run || picture?.scale !== colours) {
        run = state.run;
        picture = { ...classesPicture(network, run), scale: colours };
      }
      line.show(picture, state.theme);
      place(state);
      say(state);
      return true;
    },
  };
}
