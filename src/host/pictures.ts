/** Pictures that the panel is asked for. */
import type { FromWebview, ToWebview } from '../protocol';
import type { PicturesGo, WantedPicture } from '../picture/wanted';

interface Waiting {
  resolve(bytes: Uint8Array): void;
  reject(error: Error): void;
}

export class Pictures {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(private readonly post: (message: ToWebview) => void) {}

  /** The picture as a file, an empty one where it goes to the clipboard. Rejects with an Error for people where there can be none. */
  take(picture: WantedPicture, to: PicturesGo): Promise<Uint8Array> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.post({ type: 'takePicture', id, picture, to });
    });
  }

  /** The panel has made one, or says why not. */
  taken({ id, result }: Extract<FromWebview, { readonly type: 'picture' }>): void {
    const one = this.waiting.get(id);
    this.waiting.delete(id);
    if ('ok' in result) one?.resolve(result.ok);
    else one?.reject(new Error(result.err));
  }

  /** The panel is gone, or begins anew: it will not answer. */
  giveUp(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(reason));
    this.waiting.clear();
  }
}
