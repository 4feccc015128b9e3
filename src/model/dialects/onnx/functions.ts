/**
 * Functions of a model's own (ONNX, docs/IR.md, "Functions"), written out where they are called: what a body calls its
 * inputs and outputs by is what the call calls them by; all other names get one of their own.
 */
import { create } from '@bufbuild/protobuf';
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { isOwnDomain } from './inputs';
import { operatorOf } from './node';
import {
  NodeProtoSchema,
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
} from './schema/onnx_pb';
import { Unsupported } from './unsupported';

export interface Inlined {
  readonly graph: GraphProto;
  /** Calls that were left as they are, and why. */
  readonly notes: readonly string[];
}

const MAX_DEPTH = 32;
const MAX_TITLE = 200;
/** Names that are longer count as several nodes. */
const NAME_LENGTH = 256;

/** A graph that would have more nodes than `maxNodes` is left as it is. */
export function inlined(graph: GraphProto, model: ModelProto, maxNodes: number): Inlined {
  if (model.functions.length === 0) return { graph, notes: [] };
  const inlining = new Inlining(model, maxNodes);
  try {
    return { graph: inlining.graph(graph, { names: (name) => name }), notes: [...inlining.notes] };
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return { graph, notes: [error.message] };
  }
}

/** What the nodes of a body are written with. */
interface Call {
  readonly names: (name: string) => string;
  /** Absent outside functions. */
  readonly attributes?: ReadonlyMap<string, AttributeProto>;
  /** Before the names of its nodes. */
  readonly title?: string;
}

class Inlining {
  readonly notes = new Set<string>();
  private readonly functions: ReadonlyMap<string, FunctionProto>;
  private readonly opsets: ReadonlyMap<string, bigint>;
  private readonly open: FunctionProto[] = [];
  private spent = 0;
  private calls = 0;

  constructor(
    model: ModelProto,
    private readonly maxNodes: number,
  ) {
    this.functions = new Map(model.functions.map((one) => [keyOf(one, one.name), one]));
    this.opsets = versionsOf(model);
  }

  graph(graph: GraphProto, call: Call): GraphProto {
    this.spend(graph.initializer.length + graph.input.length + graph.output.length);
    const named = <T extends { readonly name: string }>(value: T) =>
      changed(value, { name: call.names(value.name) } as Partial<T>);
    return changed(graph, {
      node: this.nodes(graph.node, call),
      input: graph.input.map(named),
      output: graph.output.map(named),
      initializer: graph.initializer.map(named),
    });
  }

  private nodes(nodes: readonly NodeProto[], call: Call): NodeProto[] {
    return nodes.flatMap((node) => {
      this.spend(1);
      const own = this.written(node, call);
      const body = this.functions.get(keyOf(own, own.opType));
      if (body && this.mayWrite(own, body)) return this.body(own, body);
      return [own];
    });
  }

  /** A node of a body, with the names and the attributes that the call gives it. */
  private written(node: NodeProto, call: Call): NodeProto {
    const attribute = node.attribute.flatMap((one) => {
      // What the call gives was written with the call.
      const given = one.refAttrName ? call.attributes?.get(one.refAttrName) : undefined;
      if (given) return [changed(given, { name: one.name })];
      const { g, graphs } = one;
      if (!g && graphs.length === 0) return one.refAttrName ? [] : [one];
      const inner = graphs.map((graph) => this.graph(graph, call));
      return [changed(one, { ...(g && { g: this.graph(g, call) }), graphs: inner })];
    });
    const title = call.title === undefined ? node.name : `${call.title}/${node.name || node.opType}`;
    return changed(node, {
      ...{ attribute, name: title.slice(-MAX_TITLE) },
      ...{ input: node.input.map(call.names), output: node.output.map(call.names) },
    });
  }

  private body(node: NodeProto, body: FunctionProto): NodeProto[] {
    const prefix = `${++this.calls}:`;
    const names = new Map<string, string>([['', '']]);
    body.input.forEach((name, k) => names.set(name, node.input[k] ?? ''));
    const passed = body.output.flatMap((name, k) => {
      const output = node.output[k] || '';
      if (output === '') return [];
      if (!names.has(name)) {
        names.set(name, output);
        return [];
      }
      const same = { opType: 'Identity', input: [names.get(name)!], output: [output], name: node.name };
      return [create(NodeProtoSchema, same)];
    });
    const attributes = new Map(
      [...body.attributeProto, ...node.attribute].map((one) => [one.name, one] as const),
    );
    this.open.push(body);
    const call: Call = {
      ...{ attributes, title: node.name || node.opType },
      names: (name) => names.get(name) ?? this.own(prefix, name),
    };
    const nodes = [...this.nodes(body.node, call), ...passed];
    this.open.pop();
    return nodes;
  }

  private own(prefix: string, name: string): string {
    this.spend(Math.floor(name.length / NAME_LENGTH));
    return prefix + name;
  }

  private spend(nodes: number): void {
    this.spent += nodes;
    if (this.spent > this.maxNodes)
      throw new Unsupported(
        say`with its functions written out the graph has more than ${this.maxNodes} nodes: they are not looked into`,
      );
  }

  private mayWrite(node: NodeProto, body: FunctionProto): boolean {
    const why = this.fault(body);
    if (why) this.notes.add(say`${operatorOf(node)} is a function that ${why}: it is not looked into`);
    return !why;
  }

  private fault(body: FunctionProto): string | undefined {
    if (this.open.includes(body)) return say`calls itself`;
    if (this.open.length >= MAX_DEPTH) return say`is called more than ${MAX_DEPTH} functions deep`;
    const own = this.opsets.get('');
    const wanted = versionsOf(body).get('');
    return own !== undefined && wanted !== undefined && own !== wanted
      ? say`is of opset ${wanted} in a model of opset ${own}`
      : undefined;
  }
}

/** The same message, some of its fields apart. */
function changed<T extends object>(message: T, fields: Partial<T>): T {
  return Object.assign(Object.create(Object.getPrototypeOf(message) as object) as T, message, fields);
}

function keyOf({ domain, overload }: { readonly domain: string; readonly overload: string }, name: string) {
  return [isOwnDomain(domain) ? '' : domain, name, overload].map(quote).join(' ');
}

function versionsOf({
  opsetImport,
}: Pick<ModelProto | FunctionProto, 'opsetImport'>): ReadonlyMap<string, bigint> {
  return new Map(
    opsetImport.map(({ domain, version }) => [isOwnDomain(domain) ? '' : domain, version] as const),
  );
}
