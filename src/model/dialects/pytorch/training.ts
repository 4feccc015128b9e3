/** Modules of a state dict that belong to its training: Lightning keeps the weights of a loss with those of the model. */
import { say } from '../../../words/say';
import type { Report } from '../../report';
import { longTitleOf, type Module } from './modules';
import type { TensorStore } from './tensors';

const LOSS = /^(?:loss(?:es)?|criterion|loss_?(?:fn|func|function|weights?)|.+_loss|.+_criterion)$/i;

/** All but those; each that is left out is named. */
export function withoutLosses(
  modules: readonly Module[],
  store: TensorStore,
  report: Report,
): readonly Module[] {
  const losses = modules.filter(isOfLoss);
  for (const module of losses) {
    const message = say`${longTitleOf(module)} is left out: by its name it belongs to the loss of the training`;
    report.warning(store.at(module.tensors[0]), 'ignored', message);
  }
  return modules.filter((module) => !losses.includes(module));
}

function isOfLoss({ kind, prefix }: Module): boolean {
  return kind !== 'recurrent' && prefix.split(/[./]/).some((part) => LOSS.test(part));
}
