/** An operator of a subgraph while it is translated: what it reads, and the nodes that it becomes. */
import { create } from '@bufbuild/protobuf';
import { numbersOf, type Constant } from '../onnx/constant';
import { TFLITE } from '../onnx/inputs';
import type { TranslatedNode } from '../onnx/node';
import {
  AttributeProtoSchema,
  NodeProtoSchema,
  type AttributeProto,
  type GraphProto,
} from '../onnx/schema/onnx_pb';
import type { TfliteOperator, TfliteTensor } from './file';

/** The subgraph that it stands in. */
export interface Surroundings {
  readonly constants: Map<string, Constant>;
  /** Unique; '' of what is left out. */
  nameOf(index: number): string;
  tensorOf(index: number): TfliteTensor | undefined;
}

export type Attribute = number | string | readonly number[] | GraphProto;

/** An end that stands for "as far as there is". */
export const FAR = 2 ** 31 - 1;

export class Site {
  private readonly made: TranslatedNode[] = [];
  private count = 0;

  constructor(
    readonly operator: TfliteOperator,
    private readonly around: Surroundings,
    private readonly wanted: string,
  ) {}

  get nodes(): readonly TranslatedNode[] {
    return this.made;
  }

  /** Name of an input; '' where it is left out. */
  input(index: number): string {
    return this.around.nameOf(this.operator.inputs[index] ?? -1);
  }

  get inputs(): string[] {
    return this.operator.inputs.map((index) => this.around.nameOf(index));
  }

  output(index = 0): string {
    return this.around.nameOf(this.operator.outputs[index] ?? -1);
  }

  get outputs(): string[] {
    return this.operator.outputs.map((index) => this.around.nameOf(index));
  }

  tensor(index: number): TfliteTensor | undefined {
    return this.around.tensorOf(this.operator.inputs[index] ?? -1);
  }

  outputTensor(index = 0): TfliteTensor | undefined {
    return this.around.tensorOf(this.operator.outputs[index] ?? -1);
  }

  constant(index: number): Constant | undefined {
    return this.around.constants.get(this.input(index));
  }

  /** Whole numbers of a constant input; undefined where the file does not have them. */
  numbers(index: number): number[] | undefined {
    const numbers = this.constant(index)?.numbers;
    return numbers?.every((value): value is number => Number.isSafeInteger(value)) ? [...numbers] : undefined;
  }

  /** A node; gives the name of its output, which is one of its own unless `to` says which. */
  node(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    to?: string | readonly string[],
  ): string {
    const outputs = typeof to === 'string' ? [to] : (to ?? [this.fresh()]);
    this.add(type, '', inputs, attributes, outputs);
    return outputs[0];
  }

  /** An operator as the file has it. */
  own(attributes: Readonly<Record<string, Attribute>> = {}): void {
    this.add(this.operator.type, TFLITE, this.inputs, attributes, this.outputs);
  }

  /** The last place of the first axis alone, which stays. */
  lastRow(x: string, to: string): void {
    const [start, end, axis] = [-1, FAR, 0].map((number) => this.literal([1], [number]));
    this.node('Slice', [x, start, end, axis], {}, to);
  }

  /** A constant that the file does not have. */
  literal(shape: readonly number[], numbers: readonly number[], integer = true): string {
    return this.given(numbersOf(shape, integer, numbers));
  }

  given(value: Constant): string {
    const name = this.fresh();
    this.around.constants.set(name, value);
    return name;
  }

  private fresh(): string {
    return `${this.output()}:${this.wanted}:${++this.count}`;
  }

  private add(
    type: string,
    domain: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    outputs: readonly string[],
  ): void {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    const name = this.wanted;
    this.made.push(
      Object.assign(
        create(NodeProtoSchema, {
          name,
          opType: type,
          domain,
          input: [...inputs],
          output: [...outputs],
          attribute,
        }),
        { writtenAs: this.operator.type },
      ),
    );
  }
}

function attributeOf(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, s: new TextEncoder().encode(value) });
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, {
      name,
      f: value,
      i: Number.isSafeInteger(value) ? BigInt(value) : 0n,
    });
  }
  if ('$typeName' in value) return create(AttributeProtoSchema, { name, g: value });
  return create(AttributeProtoSchema, { name, ints: value.map(BigInt) });
}
