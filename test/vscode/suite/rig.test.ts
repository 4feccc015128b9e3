import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { say } from './say';

describe('rig', () => {
  it('runs', () => {
    say('hello', vscode.version);
    assert.ok(vscode.env.appName);
  });
  it('fails', () => {
    assert.equal(1, 2);
  });
});
