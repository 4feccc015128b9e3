/** What a layer is called, after the tensors of its operator: converters keep the names of TensorFlow's operations. */

/** Parts of paths that name an operation, a function or a variable, and not a layer. */
const OPERATIONS =
  /^(matmul|biasadd|relu6?|tanh|sigmoid|softmax|add|addv?2?|mul|sub|transpose|strided_?slice|reshape|partitionedcall|statefulpartitionedcall|readvariableop|tensordot|gather(v2)?|embedding_lookup|concat|expanddims|squeeze|conv[12]d|mean|identity|while|call|resource|kernel|recurrent_kernel|bias|cell|.*_cell|zeros|arith\.constant|(tfl|std)\.\w+|serving_default|unknown|pseudo_const|pseudo_qconst|model|functional|sequential|\d*)(_?\d*|:\d+)*$/i;

/** The first name that has a part of a layer's; undefined if there is none. */
export function layerNameIn(names: readonly string[]): string | undefined {
  for (const name of names) {
    for (const path of name.split(';')) {
      const part = path.split('/').findLast((one) => !OPERATIONS.test(one));
      if (part) return part.replace(/:\d+$/, '');
    }
  }
  return undefined;
}
