import { translated } from '../../../src/words/translated';

/** Every word that is shown here. */
export const words = translated({
  title: 'Keys and Legend',
  keys: 'Keys',
  legend: 'Legend',
  close: 'Close (Escape)',
  /** Keys are named as they are on the keyboard. */
  bindings: [
    ['←', '→', 'one step back, one on'],
    ['Home', 'End', 'the first step, the last'],
    ['Page Up', 'Page Down', 'a window back, a window on'],
    ['Space', '', 'play, pause'],
    ['Ctrl + arrows', '', 'from gate to gate, with the card'],
    ['Enter', 'Escape', 'pin the card, close it'],
    ['Shift + F10', '', 'what if … : the menu of a gate or a state'],
    ['Ctrl + wheel', '', 'zoom'],
    ['Ctrl + Enter', '', 'run a sample sequence'],
    ['?', '', 'this page'],
  ],
  gate: 'a gate: the stronger, the more open',
  signed: 'a state or a candidate: blue below 0, orange above',
  playhead: 'the step that all views show',
  rail: 'what is carried from step to step',
  ghost: 'a what-if: what it was before',
});
