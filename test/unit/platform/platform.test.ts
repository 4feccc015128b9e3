import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import * as node from '../../../src/platform/platform';
import * as web from '../../../src/platform/platform.web';

describe('the platform', () => {
  it('has the same in Node and in a web worker', () => {
    assert.deepEqual(Object.keys(web).sort(), Object.keys(node).sort());
  });

  it('has local files in Node alone', async () => {
    assert.ok(node.localFolder(tmpdir()));
    assert.equal(web.localFolder(tmpdir()), undefined);
    assert.equal((await node.openLocalFile(import.meta.filename))!.size > 0, true);
    assert.equal(web.openLocalFile(import.meta.filename), undefined);
    assert.equal(web.threads(), undefined);
    assert.equal(web.stretchThreads(), undefined);
  });

  it('makes values that nobody can guess', () => {
    for (const { nonce } of [node, web]) {
      assert.match(nonce(), /^[\w+/]{22}==$/);
      assert.notEqual(nonce(), nonce());
    }
  });
});
