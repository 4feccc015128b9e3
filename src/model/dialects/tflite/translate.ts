/**
 * A TensorFlow Lite subgraph in ONNX's operators, so that one walk tells what both are. What an operator does is said by
 * tensorflow/lite/kernels; recurrent operators stay what they are (recurrent.ts), and so does what has no like in ONNX.
 */
import { create } from '@bufbuild/protobuf';
import { say } from '../../../words/say';
import type { Constant } from '../onnx/constant';
import {
  GraphProtoSchema,
  TensorProto_DataType as Type,
  ValueInfoProtoSchema,
  type GraphProto,
  type NodeProto,
  type ValueInfoProto,
} from '../onnx/schema/onnx_pb';
import type { Subgraph, TfliteModel, TfliteOperator, TfliteTensor } from './file';
import { layerNameIn } from './names';
import { loopParts } from './loops';
import { OPERATORS } from './operators';
import { Options } from './options';
import { Site, type Surroundings } from './site';
import { constantOf, TYPE } from './tensors';

export interface Translation {
  readonly graph: GraphProto;
  readonly constants: ReadonlyMap<string, Constant>;
  /** Types of tensors that are computed with whole numbers in the file's own program. */
  readonly quantised: ReadonlySet<string>;
}

/** What the translations of a model's subgraphs share. */
class Whole {
  readonly constants = new Map<string, Constant>();
  private readonly taken = new Set<string>();
  private left = MAX_OPERATORS;

  constructor(readonly model: TfliteModel) {}

  /** A name of its own for a tensor. */
  named(wanted: string, k: number): string {
    let own = wanted;
    for (let count = k; this.taken.has(own); count++) own = `${wanted} (${count})`;
    this.taken.add(own);
    return own;
  }

  /** Whether so many operators may still be translated: a subgraph may stand in many places. */
  takes(operators: number): boolean {
    this.left -= operators;
    return this.left >= 0;
  }
}

const MAX_OPERATORS = 100_000;
/** Loops within each other. */
const MAX_DEPTH = 4;

class Translator implements Surroundings {
  private readonly names: readonly string[];

  /** `given` are names of tensors that stand for others, by their places. */
  constructor(
    private readonly subgraph: Subgraph,
    private readonly whole: Whole,
    private readonly depth = 0,
    given: ReadonlyMap<number, string> = new Map(),
  ) {
    this.names = subgraph.tensors.map(
      ({ name }, k) => given.get(k) ?? whole.named(name || say`tensor ${k}`, k),
    );
    for (const [k, tensor] of subgraph.tensors.entries()) {
      const value = tensor.variable || given.has(k) ? undefined : constantOf(tensor, whole.model);
      if (value) this.constants.set(this.names[k], value);
    }
  }

  get constants(): Map<string, Constant> {
    return this.whole.constants;
  }

  /** States that operators keep for themselves are no values of the graph. */
  nameOf(index: number): string {
    return this.subgraph.tensors[index]?.variable ? '' : (this.names[index] ?? '');
  }

  tensorOf(index: number): TfliteTensor | undefined {
    return this.subgraph.tensors[index];
  }

  graph(): GraphProto {
    const { inputs, outputs, operators } = this.subgraph;
    return create(GraphProtoSchema, {
      node: operators.flatMap((operator) => this.nodes(operator)),
      input: inputs.flatMap((index) => this.input(index)),
      output: outputs.map((index) => create(ValueInfoProtoSchema, { name: this.nameOf(index) })),
    });
  }

  private input(index: number): ValueInfoProto[] {
    const tensor = this.tensorOf(index);
    return tensor ? [valueInfo(this.nameOf(index), tensor)] : [];
  }

  private nodes(operator: TfliteOperator): readonly NodeProto[] {
    const site = new Site(operator, this, this.layerName(operator));
    const translate = operator.custom ? undefined : OPERATORS.get(operator.type);
    if (operator.type === 'WHILE' && !operator.custom) this.loop(site, operator);
    else if (translate) translate(site, new Options(operator.options));
    else site.own();
    return site.nodes;
  }

  /** As a Loop, where that can be told from its subgraphs. */
  private loop(site: Site, operator: TfliteOperator): void {
    const options = new Options(operator.options);
    const [condition, body] = [0, 1].map((field) => this.whole.model.subgraphs[options.int(field)]);
    const { length } = operator.inputs;
    const fits =
      [condition?.inputs, body?.inputs, body?.outputs, operator.outputs].every(
        (list) => list?.length === length,
      ) &&
      condition.outputs.length === 1 &&
      this.depth < MAX_DEPTH &&
      this.whole.takes(condition.operators.length + body.operators.length);
    if (!fits) {
      site.own();
      return;
    }
    const isZero = (place: number) => site.constant(place)?.numbers?.[0] === 0;
    const parts = loopParts(body, isZero);
    const inside = new Translator(body, this.whole, this.depth + 1);
    const next = new Map(condition.inputs.map((index, place) => [index, inside.nameOf(body.outputs[place])]));
    const asked = new Translator(condition, this.whole, this.depth + 1, next);
    const row = new Site(operator, inside, 'row');
    const rows = parts.collected.map((list) => row.node('Squeeze', [inside.nameOf(list.row)], { axes: [0] }));
    const info = (name: string) => create(ValueInfoProtoSchema, { name });
    const own = (name: string) => this.whole.named(`${site.output()}:${name}`, 0);
    const graph = create(GraphProtoSchema, {
      node: [
        ...parts.operators.flatMap((one) => inside.nodes(one)),
        ...row.nodes,
        ...condition.operators.flatMap((one) => asked.nodes(one)),
      ],
      input: [
        ...['round', 'going'].map((name) => info(own(name))),
        ...parts.carried.flatMap((place) => inside.input(body.inputs[place])),
      ],
      output: [
        info(asked.nameOf(condition.outputs[0])),
        ...parts.carried.map((place) => info(inside.nameOf(body.outputs[place]))),
        ...rows.map(info),
      ],
    });
    const lists = parts.collected.map(({ place, single }) => (single ? own('rows') : site.output(place)));
    const inputs = ['', '', ...parts.carried.map((place) => site.input(place))];
    const outputs = [...parts.carried.map((place) => site.output(place)), ...lists];
    site.node('Loop', inputs, { body: graph }, outputs);
    for (const [k, { place, single }] of parts.collected.entries()) {
      if (single) site.lastRow(lists[k], site.output(place));
    }
  }

  /** After the operator's output or, where that tells nothing, its weights. */
  private layerName({ type, inputs, outputs }: TfliteOperator): string {
    const weights = inputs.filter((index) => this.constants.get(this.nameOf(index))?.integer === false);
    const names = [...outputs, ...weights].flatMap((index) => this.tensorOf(index)?.name ?? []);
    return layerNameIn(names) ?? type.toLowerCase().replace(/^(uni|bi)directional_sequence_/, '');
  }
}

const ELEMENT_TYPES: Readonly<Record<number, Type>> = {
  [TYPE.FLOAT16]: Type.FLOAT16,
  [TYPE.INT32]: Type.INT32,
  [TYPE.INT64]: Type.INT64,
  [TYPE.BOOL]: Type.BOOL,
};

/** Quantised numbers are floats here. */
function valueInfo(name: string, { shape, type, quantization }: TfliteTensor): ValueInfoProto {
  const elemType = quantization ? Type.FLOAT : (ELEMENT_TYPES[type] ?? Type.FLOAT);
  const dim = shape.map((size) =>
    size > 0 ? { value: { case: 'dimValue' as const, value: BigInt(size) } } : {},
  );
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  });
}

/** Throws `TensorFileError` for a constant that is not what it says of itself. */
export function translated(model: TfliteModel): Translation {
  const whole = new Whole(model);
  const graph = new Translator(model.subgraphs[0], whole).graph();
  const quantised = model.subgraphs.flatMap(({ operators, tensors }) =>
    operators
      .flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
      .flatMap((index) => (tensors[index]?.quantization ? [tensors[index].name] : [])),
  );
  return { graph, constants: whole.constants, quantised: new Set(quantised) };
}
