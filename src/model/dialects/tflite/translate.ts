/**
 * A TensorFlow Lite subgraph in ONNX's operators, so that one walk tells what both are. What an operator does is said by
 * tensorflow/lite/kernels; recurrent operators stay what they are (recurrent.ts), and so does what has no like in ONNX.
 */
import { create } from '@bufbuild/protobuf';
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

class Translator implements Surroundings {
  readonly constants = new Map<string, Constant>();
  private readonly names: readonly string[];

  constructor(
    private readonly subgraph: Subgraph,
    model: TfliteModel,
  ) {
    const taken = new Set<string>();
    this.names = subgraph.tensors.map(({ name }, k) => {
      const wanted = name || `tensor ${k}`;
      const own = taken.has(wanted) ? `${wanted} (${k})` : wanted;
      taken.add(own);
      return own;
    });
    for (const [k, tensor] of subgraph.tensors.entries()) {
      const value = tensor.variable ? undefined : constantOf(tensor, model);
      if (value) this.constants.set(this.names[k], value);
    }
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
    if (translate) translate(site, new Options(operator.options));
    else site.own();
    return site.nodes;
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
  const [main] = model.subgraphs;
  const translator = new Translator(main, model);
  const quantised = main.operators
    .flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
    .flatMap((index) => {
      const tensor = main.tensors[index];
      return tensor?.quantization ? [tensor.name] : [];
    });
  return { graph: translator.graph(), constants: translator.constants, quantised: new Set(quantised) };
}
