/** A text that the network went on with, above the picture: the prompt, and the rest by its probability. */
import './generated.css';
import { visible } from '../../../src/unroll/mermaid';
import type { Context, Feature, Moment, View } from '../../feature';
import { quoted } from '../../../src/picture/names';
import { fill } from '../../shared/words';
import { createLegendBar } from '../../shared/legendBar';
import { h, setAttribute } from '../../ui/dom';
import { percent } from '../../../src/picture/format';
import { tokenText } from '../../../src/picture/text';
import { words } from './words';

export const generated: Feature = {
  name: 'generated',
  region: 'bar',
  order: 30,
  asks: ({ state: { run } }) => ({
    next: run?.sequence.generatedFrom === undefined ? null : { trace: run.trace },
  }),
  create: createText,
};

function createText({ dispatch, scale }: Context): View {
  const text = h('div', { class: 'generated-text', role: 'toolbar', 'aria-label': words.text });
  const legend = createLegendBar();
  legend.name(words.probability);
  legend.ends('0', '1');
  legend.element.title = words.legend;
  const element = h(
    'div',
    { class: 'generated', hidden: true, 'data-generated': true },
    text,
    legend.element,
  );
  let shown: readonly unknown[] = [];
  let tokens: HTMLButtonElement[] = [];
  let marked: HTMLButtonElement | undefined;

  const stepOf = (target: EventTarget | null) =>
    target instanceof HTMLButtonElement && target.dataset.step !== undefined
      ? Number(target.dataset.step)
      : null;
  text.addEventListener('click', ({ target }) => {
    const step = stepOf(target);
    if (step !== null) dispatch({ type: 'goTo', step });
  });

  return {
    elements: [element],
    render(now) {
      const { sequence, step, theme } = now.state;
      element.hidden = sequence?.generatedFrom === undefined || sequence.inputs.kind !== 'token';
      if (element.hidden) {
        shown = [];
        return;
      }
      const reads = [sequence, now.answer('next').value, theme];
      if (!reads.every((value, k) => value === shown[k])) {
        shown = reads;
        tokens = buttonsOf(now, scale);
        text.replaceChildren(...tokens);
        legend.paint(scale(), 'probability', 0);
        marked = undefined;
      }
      if (marked === tokens[step]) return;
      // One of them is reached by Tab; the arrows move the playhead, and the focus with it.
      const focused = document.activeElement === marked && marked !== undefined;
      if (marked) setAttribute(marked, 'aria-current', null);
      if (marked) setAttribute(marked, 'tabindex', '-1');
      marked = tokens[step];
      if (!marked) return;
      setAttribute(marked, 'aria-current', 'step');
      setAttribute(marked, 'tabindex', '0');
      if (focused) marked.focus();
      reveal(text, marked);
    },
  };
}

function buttonsOf({ state, answer }: Moment<null>, scale: Context['scale']): HTMLButtonElement[] {
  const { sequence } = state;
  const { inputs, generatedFrom } = sequence!;
  if (inputs.kind !== 'token') return [];
  const probabilities = answer('next').value;
  return inputs.tokens.map((token, step) => {
    const own = step >= generatedFrom!;
    const share = own && probabilities?.length ? probabilities[step - 1] : NaN;
    const known = Number.isNaN(share) ? words.unknown : percent(share);
    const name = fill(own ? words.token : words.promptToken, quoted(token), step + 1, known);
    const button = h(
      'button',
      {
        ...{ type: 'button', tabindex: '-1', title: name, 'aria-label': name },
        ...{ class: own ? 'generated-own' : 'generated-prompt', 'data-step': step },
        ...(own && !Number.isNaN(share) && { 'data-probability': share }),
      },
      token === ' ' ? '\u00a0' : visible(tokenText(token)),
    );
    if (own && !Number.isNaN(share)) {
      const { fill: colour, ink } = scale().swatch('probability', share);
      button.style.background = colour;
      button.style.color = ink;
    }
    return button;
  });
}

/** Scrolls no further than it must; the page itself never. */
function reveal(text: HTMLElement, token: HTMLElement): void {
  const { offsetTop, offsetHeight } = token;
  if (offsetTop < text.scrollTop) text.scrollTop = offsetTop;
  else if (offsetTop + offsetHeight > text.scrollTop + text.clientHeight) {
    text.scrollTop = offsetTop + offsetHeight - text.clientHeight;
  }
}
