/** The roles that a module of a state dict may have in a chain. */
import type { Link, Roles } from '../chain';
import type { MatrixModule, Module, NormModule, RecurrentModule } from './modules';

/** A module in its role: a matrix without a bias may be an embedding or a linear layer. */
export type ModuleLink = Link &
  (
    | { readonly role: 'embedding' | 'linear'; readonly module: MatrixModule }
    | { readonly role: 'recurrent'; readonly module: RecurrentModule }
    | { readonly role: 'norm'; readonly module: NormModule }
  );

export function rolesOf(module: Module): Roles<ModuleLink> {
  if (module.kind === 'other') return [];
  const base = { part: module, name: module.prefix };
  if (module.kind === 'recurrent') {
    const { inputSize: from, hiddenSize, projSize, bidirectional } = module;
    const to = (projSize || hiddenSize) * (bidirectional ? 2 : 1);
    return [{ ...base, role: 'recurrent', module, from, to }];
  }
  if (module.kind === 'norm') return [{ ...base, role: 'norm', module, from: module.size, to: module.size }];
  const { rows, columns } = module;
  const linear: ModuleLink = { ...base, role: 'linear', module, from: columns, to: rows };
  const embedding: ModuleLink = { ...base, role: 'embedding', module, words: rows, to: columns };
  if (module.role) return [module.role === 'linear' ? linear : embedding];
  if (module.bias) return [linear];
  return /emb/i.test(module.prefix) ? [embedding] : [embedding, linear];
}
