/** The one door to the extension host: messages out, messages in, questions with answers, and state that survives. */
import type { FromWebview, ReplyMessage, RequestMessage, Requests, ToWebview } from '../src/protocol';
import { readNonFinite } from '../src/nonFinite';
import type { HostMessage } from './shared/state';

export interface VsCodeApi {
  /** Where the page is a file of its own, with no editor around it. */
  readonly alone?: boolean;
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

interface Pending {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export class Host {
  private readonly api = acquireVsCodeApi();
  private readonly pending = new Map<number, Pending>();
  private lastRequest = 0;

  /** Whether there is no editor around the page: what an editor would have to do is not offered. */
  get alone(): boolean {
    return this.api.alone === true;
  }

  /** Passes every message that is not an answer to `receive`. */
  listen(receive: (message: HostMessage) => void): void {
    window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const message = readNonFinite(data) as ToWebview;
      if (message.type === 'reply') this.settle(message);
      else receive(message);
    });
  }

  post(message: FromWebview): void {
    this.api.postMessage(message);
  }

  /** Rejects with the host's message where it has no answer. */
  request<K extends keyof Requests>(kind: K, ask: Requests[K]['ask']): Promise<Requests[K]['answer']> {
    const id = ++this.lastRequest;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve: resolve as Pending['resolve'], reject });
      this.post({ type: 'request', id, kind, ask } as RequestMessage);
    });
  }

  getState(): unknown {
    return this.api.getState();
  }

  setState(state: unknown): void {
    this.api.setState(state);
  }

  private settle({ id, result }: ReplyMessage): void {
    const waiting = this.pending.get(id);
    if (!waiting) return;
    this.pending.delete(id);
    if ('ok' in result) waiting.resolve(result.ok);
    else waiting.reject(new Error(result.err));
  }
}
