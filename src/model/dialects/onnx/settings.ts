/** Graph inputs of one number that decide which graph of an If is run, such as a sample rate: a value is taken for each. */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import type { Choice } from '../dialect';
import { numbersOf, type Constant } from './constant';
import type { Asked, Walk } from './interpret';
import { sizeChoice, type Best } from './search';
import { TensorProto_DataType as Type, type GraphProto } from './schema/onnx_pb';

/** What a walk found with a value for each of these inputs. */
export interface Settled {
  readonly found?: Walk;
  /** How each value was taken, and which others there are. */
  readonly notes: readonly string[];
  readonly choices: readonly Choice[];
}

/** Each doubles what there is to look at. */
const MAX_SETTINGS = 4;

/** Walks again with a value for each input that decides something: one of `chosen`, else the first that it is compared with. */
export async function settled(
  graph: GraphProto,
  constants: ReadonlyMap<string, Constant>,
  chosen: readonly string[],
  walk: (constants: ReadonlyMap<string, Constant>) => Promise<Best | undefined>,
): Promise<Settled> {
  const known = new Map(constants);
  const [notes, choices]: [string[], Choice[]] = [[], []];
  let found = await walk(known);
  for (let k = 0; k < MAX_SETTINGS && found?.asked; k++) {
    const ways = waysOf(graph, found.asked);
    if (!ways) break;
    const way = ways.find(({ value }) => chosen.includes(value)) ?? ways[0];
    known.set(found.asked.name, way.constant);
    const others = ways.filter((one) => one !== way).map(({ value }) => value);
    notes.push(
      say`the input ${quote(found.asked.name)} decides which graph of ${found.asked.title} is run: ${way.label} is taken; the other way to read the file: ${others.join(', ')}`,
    );
    choices.push(
      ...ways.map(({ value, label }): Choice => ({ kind: `input ${found!.asked!.name}`, value, label })),
    );
    found = await walk(known);
  }
  const [view] = found?.views ?? [];
  if (found && view?.taken) {
    const { name, width } = view;
    const others = found.otherSizes ?? [];
    const ways = others.map((size) => sizeChoice(name, size)).join(', ');
    notes.push(
      say`the file leaves open how many numbers a call is given as ${quote(name)}: ${width} are taken${ways && say`; other ways to read the file: ${ways}`}`,
    );
    choices.push(
      ...[width, ...others].map((size): Choice => ({
        ...{ kind: `input ${name}`, value: sizeChoice(name, size) },
        label: say`${name} is given ${size} numbers a call`,
      })),
    );
  }
  return { ...(found && { found }), notes, choices };
}

interface Way {
  readonly value: string;
  readonly label: string;
  readonly constant: Constant;
}

/** The numbers that an input is compared with, and one that is none of them; undefined of an input of many numbers. */
function waysOf(graph: GraphProto, { name, values }: Asked): readonly Way[] | undefined {
  const type = graph.input.find((input) => input.name === name)?.type?.value;
  if (type?.case !== 'tensorType') return undefined;
  const { elemType, shape } = type.value;
  const sizes = (shape?.dim ?? []).map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : 1));
  if (sizes.some((size) => size !== 1)) return undefined;
  const integer = elemType !== Type.FLOAT && elemType !== Type.DOUBLE;
  const way = (value: string, label: string, number: number): Way => ({
    ...{ value: `${name}=${value}`, label, constant: numbersOf(sizes, integer, [number]) },
  });
  if (elemType === Type.BOOL) {
    return [way('true', say`${name} is true`, 1), way('false', say`${name} is false`, 0)];
  }
  return [
    ...values.map((value) => way(String(value), say`${name} is ${value}`, value)),
    way('other', say`${name} is something else`, Math.max(...values) + 1),
  ];
}
