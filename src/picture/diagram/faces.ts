/** How a signal's node shows what it holds: its texts are made once and written when what they show changes. */
import { inputOf, type Activation, type Network, type VectorInput } from '../../model/network';
import type { Inputs } from '../../protocol';
import type { GraphNode } from '../../unroll/graph';
import { subscript } from '../../unroll/mermaid';
import { formatValue } from '../format';
import { outputNames } from '../../model/outputs';
import { featureLines, type FeatureLines, type Form } from './spacing';
import type { Box } from './geometry';
import type { Swatch } from '../colour/scale';
import { sizeToken, tokenText } from '../text';
import { appendText, type Surface } from '../surface';
import { fill, words as common } from '../words';
import { featuresInWords } from './featureNames';
import { words } from './words';

/** What a signal holds at the step that its node stands for. */
export interface NodeContent {
  /** Absolute. */
  readonly step: number;
  /** Null where the sequence has no such step. */
  readonly inputs: Inputs | null;
  /** The mean over units or one unit's value; null without a run. */
  readonly value: number | null;
  /** The value is by how much a what-if changes the mean. */
  readonly isChange: boolean;
  /** The value is that of one unit alone, which changes most. */
  readonly changed: number | null;
  /** The signal has no such unit. */
  readonly missing: boolean;
  /** The largest output, where it is to be shown. */
  readonly top: { readonly unit: number; readonly value: number } | null;
  /** The unit that was the largest without a what-if, where that is another one. */
  readonly was: number | null;
  readonly swatch: Swatch;
}

export interface Face {
  write(content: NodeContent): void;
}

/** Builds the texts of a node into its group. */
export function createFace<E>(
  surface: Surface<E>,
  group: E,
  node: GraphNode,
  box: Box & { readonly form: Form },
  network: Network,
): Face {
  const at = { surface, group };
  switch (node.kind) {
    case 'input': {
      const input = inputOf(network, node.signal!.layer);
      if (input.kind === 'token') return tokenFace(at, box);
      const lines = featureLines(input);
      return lines.bars && input.kind === 'vector'
        ? barsFace(at, box, lines, input)
        : featuresFace(at, box, lines);
    }
    case 'gate':
      if (box.form === 'joined') return letterFace(at, node.label);
      return numberFace(at, node.label, { alone: [0, 5], letter: [0, -4], number: [0, 13] }, gateNumber);
    case 'cell': {
      const caption = network.layers.find(({ name }) => name === node.signal!.layer)!.type.toUpperCase();
      const places = { alone: [0, 14], letter: [-16, 14], number: [14, 13], caption: [0, -8] } as const;
      return numberFace(at, node.label, places, formatValue, caption);
    }
    default: {
      const names = showsTop(node, network) ? outputNames(network) : null;
      const number = numberFace(at, node.label, BESIDE, formatValue);
      return names ? topFace(at, box, number, names, isShare(network)) : number;
    }
  }
}

/** Whether a node shows the largest output, which has a name, instead of a mean. */
export function showsTop(node: GraphNode, network: Network): boolean {
  const last = network.layers[network.layers.length - 1];
  return node.kind === 'value' && node.signal!.layer === last.name && (outputNames(network)?.length ?? 0) > 1;
}

/** Whether the outputs are shares of a whole, or likelihoods. */
function isShare({ layers }: Network): boolean {
  const last = layers[layers.length - 1];
  const shares: readonly Activation[] = ['softmax', 'sigmoid'];
  return last.type === 'linear' && shares.includes(last.activation);
}

type Place = readonly [x: number, y: number];

/** Baselines, from the middle of the node. */
interface Places {
  /** The letter without a number. */
  readonly alone: Place;
  readonly letter: Place;
  readonly number: Place;
  readonly caption?: Place;
}

const BESIDE: Places = { alone: [0, 5], letter: [-16, 5], number: [14, 4] };

/** Where a face is drawn. */
interface Spot<E> {
  readonly surface: Surface<E>;
  readonly group: E;
}

/** The signal's letter alone: its number is in the card. */
function letterFace<E>({ surface, group }: Spot<E>, label: string): Face {
  const letter = appendText(surface, group, 'letter', 0, 5, label);
  return { write: ({ swatch }) => surface.attribute(letter, 'style', `fill:${swatch.ink}`) };
}

/** The signal's letter and a number. */
function numberFace<E>(
  { surface, group }: Spot<E>,
  label: string,
  places: Places,
  format: (value: number) => string,
  caption?: string,
): Face & { readonly texts: readonly E[] } {
  const letter = appendText(surface, group, 'letter', ...places.alone, label);
  const number = appendText(surface, group, 'value', ...places.number);
  const texts = [letter, number];
  if (caption && places.caption)
    texts.push(appendText(surface, group, 'caption', ...places.caption, caption));
  return {
    texts,
    write({ value, isChange, changed, missing, swatch }) {
      const bare = value === null || (isChange && value === 0);
      surface.text(letter, bare || changed === null ? label : label + subscript(changed));
      const [x, y] = bare ? places.alone : places.letter;
      surface.attribute(letter, 'x', String(x));
      surface.attribute(letter, 'y', String(y));
      const sign = isChange && value !== null && value > 0 ? '+' : '';
      surface.text(number, bare ? '' : missing ? common.none : sign + format(value));
      for (const text of texts) surface.attribute(text, 'style', `fill:${swatch.ink}`);
    },
  };
}

/** Without the zero before the point: a gate's box is narrow. */
function gateNumber(value: number): string {
  const size = Math.abs(value);
  if (!(size < 9.95)) return formatValue(value);
  const digits = size.toFixed(size < 0.995 ? 2 : 1);
  return `${value < 0 && Number(digits) !== 0 ? '−' : ''}${digits.replace(/^0/, '')}`;
}

const TOKEN_PADDING = 6;

function tokenFace<E>({ surface, group }: Spot<E>, box: Box): Face {
  const text = appendText(surface, group, 'token', 0, 0);
  return {
    write({ inputs, step }) {
      const token = inputs?.kind === 'token' ? inputs.tokens[step] : undefined;
      writeToken(surface, text, token, box.width - TOKEN_PADDING);
    },
  };
}

function writeToken<E>(
  surface: Surface<E>,
  text: E,
  token: string | undefined,
  room: number,
  most?: number,
): void {
  const fitted = sizeToken(token === undefined ? '' : tokenText(token), room, most);
  surface.text(text, fitted.text);
  surface.attribute(text, 'style', `font-size:${fitted.size}px`);
  // The sign for a space stands below the line.
  const middle = /^␣+$/.test(fitted.text) ? 0.2 : 0.34;
  surface.attribute(text, 'y', String(Math.round(fitted.size * middle)));
}

/** Where numbers end, from the middle of their node: those of usual length stand in it, their points below one another. */
const NUMBER_END = 18;

function featuresFace<E>({ surface, group }: Spot<E>, box: Box, lines: FeatureLines): Face {
  const x = Math.min(box.width / 2 - lines.padding, NUMBER_END);
  const texts = Array.from({ length: lines.shown }, (_, line) =>
    appendText(surface, group, 'feature', x, featureBaseline(box, lines, line)),
  );
  return {
    write({ inputs, step }) {
      texts.forEach((text, feature) => {
        const value = inputs?.kind === 'vector' ? inputs.values[step * inputs.shown + feature] : undefined;
        surface.text(text, value === undefined ? '' : formatValue(value));
      });
    },
  };
}

/**
 * Bars to both sides of 0, each feature on the scale of its own largest value: they may have any units. What is not a number
 * has a broken line in its bar's place; of features that were not sent stands there how many they are.
 */
function barsFace<E>({ surface, group }: Spot<E>, box: Box, lines: FeatureLines, input: VectorInput): Face {
  const { pitch, padding } = lines;
  const half = box.width / 2 - padding;
  const top = -box.height / 2 + padding;
  surface.append(group, 'path', { class: 'zero', d: `M0,${top}v${box.height - 2 * padding}` });
  const [above, below, broken] = ['bars above', 'bars below', 'broken'].map((name) =>
    surface.append(group, 'path', { class: name }),
  );
  const behind = surface.append(group, 'g');
  const which = surface.append(behind, 'title');
  const unsent = appendText(surface, behind, 'unsent', 0, 0);
  const gap = pitch > 4 ? 2 : 0.5;
  return {
    write({ inputs, step }) {
      const paths = { above: '', below: '', broken: '' };
      const sent = inputs?.kind === 'vector' ? Math.min(lines.shown, inputs.shown) : lines.shown;
      if (inputs?.kind === 'vector') {
        const reach = reachOfFeatures(inputs);
        for (let feature = 0; feature < sent; feature++) {
          const value = inputs.values[step * inputs.shown + feature];
          const y = top + feature * pitch;
          if (value === 0 || value === undefined) continue;
          if (Number.isFinite(value)) {
            const width = ((value / reach[feature]) * half).toFixed(1);
            const bar = `M0,${(y + gap / 2).toFixed(1)}h${width}v${(pitch - gap).toFixed(1)}H0z`;
            paths[value > 0 ? 'above' : 'below'] += bar;
          } else paths.broken += `M${-half},${(y + pitch / 2).toFixed(1)}H${half}`;
        }
      }
      surface.attribute(above, 'd', paths.above);
      surface.attribute(below, 'd', paths.below);
      surface.attribute(broken, 'd', paths.broken);
      const missing = lines.shown - sent;
      surface.text(unsent, missing > 0 ? `+${missing}` : '');
      surface.text(which, missing > 0 ? fill(words.unsent, featuresInWords(input, sent, lines.shown)) : '');
      surface.attribute(unsent, 'y', (top + (sent + missing / 2) * pitch + 4).toFixed(1));
      surface.attribute(group, 'data-unsent', missing > 0 ? String(missing) : null);
    },
  };
}

const reaches = new WeakMap<Inputs, Float32Array>();

/** The largest size of each feature in a sequence; 0 where it is 0 throughout. */
function reachOfFeatures(inputs: Extract<Inputs, { kind: 'vector' }>): Float32Array {
  const known = reaches.get(inputs);
  if (known) return known;
  const { values, shown } = inputs;
  const reach = new Float32Array(shown);
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > reach[i % shown] && size < Infinity) reach[i % shown] = size;
  }
  reaches.set(inputs, reach);
  return reach;
}

/** From the middle of an input node. */
export function featureBaseline({ height }: Box, { padding, pitch }: FeatureLines, line: number): number {
  return -height / 2 + padding + pitch * (line + 0.5) + 4;
}

/** Beside name, size and bar, so that they are clear of the edge and its corners. */
const TOP_PADDING = 8;
const TOP_ROOM = 29;
/** Of a name beside the one that it takes the place of. */
const CHANGED_ROOM = 19;
/** The middle of a name that is alone. */
const NAME = -17;
/** Names that are compared for a size that suits nearly all of them. */
const COMPARED = 256;
const NEARLY_ALL = 0.9;
/** The bar, and what is between it and the edge. */
const BAR = { height: 3, margin: 4, low: 2 };
/** Boxes that are lower have less room. */
const LOW = 28;
/** By how much the texts make way for it. */
const RAISED = 3;

/** The largest output: its name, how large, and a bar for shares. Else as any other number. */
function topFace<E>(
  { surface, group }: Spot<E>,
  box: Box,
  number: Face & { readonly texts: readonly E[] },
  names: readonly string[],
  shares: boolean,
): Face {
  const bar = surface.append(group, 'rect', {
    class: 'bar',
    x: TOP_PADDING - box.width / 2,
    y: box.height / 2 - BAR.height - (box.height < LOW ? BAR.low : BAR.margin),
    height: BAR.height,
    rx: BAR.height / 2,
  });
  const texts = shares ? surface.append(group, 'g', { transform: `translate(0,${-RAISED})` }) : group;
  const name = appendText(surface, texts, 'token', NAME, 0);
  const before = appendText(surface, texts, 'token was', -27, 0);
  const sizes = names.slice(0, COMPARED).map((one) => sizeToken(tokenText(one), TOP_ROOM).size);
  const most = sizes.sort((a, b) => b - a)[Math.ceil(NEARLY_ALL * sizes.length) - 1];
  const size = appendText(surface, texts, 'percent', box.width / 2 - TOP_PADDING, 4);
  return {
    write(content) {
      number.write(content);
      const { top, was } = content;
      const changed = top !== null && was !== null;
      surface.attribute(name, 'x', String(changed ? -6 : NAME));
      writeToken(surface, before, changed ? names[was] : undefined, CHANGED_ROOM, most);
      for (const text of number.texts) surface.attribute(text, 'visibility', top ? 'hidden' : null);
      const room = changed ? CHANGED_ROOM : TOP_ROOM;
      writeToken(surface, name, top ? (names[top.unit] ?? common.none) : undefined, room, most);
      const share = top && shares ? Math.min(1, Math.max(0, top.value)) : 0;
      surface.attribute(bar, 'width', (share * (box.width - 2 * TOP_PADDING)).toFixed(1));
      surface.text(size, !top ? '' : shares ? `${Math.round(share * 100)}%` : formatValue(top.value));
    },
  };
}
