/** Networks of which only a part runs, on the command line. */
import { quote } from '../model/json/decode';
import type { Network } from '../model/network';
import { idleLayers, nothingRuns, remarksOn, runningPart, type Lengths } from '../model/partial';
import { remarkInWords } from '../words/remarks';
import { EXIT, Failure, oneLine } from './output';
import type { Terminal } from './terminal';

/** The part that runs on a sequence. Says which layer's output stands for the network's; fails if nothing runs. */
export function partThatRuns(terminal: Terminal, network: Network, sequence: Lengths): Network {
  const part = runningPart(network, sequence);
  for (const remark of remarksOn(network, sequence)) terminal.say(oneLine(remarkInWords(remark)));
  if (part === network) return network;
  const idle = idleLayers(network, sequence.more);
  const last = part.layers.at(-1);
  if (!last) {
    const [cause] = idle.values();
    throw new Failure(EXIT.input, oneLine(nothingRuns(cause)));
  }
  if (idle.size === 0) return part;
  const names = [...idle.keys()].map(quote).join(', ');
  terminal.say(
    oneLine(`the output is that of ${quote(last.name)}, the last layer that runs; not run: ${names}`),
  );
  return part;
}
