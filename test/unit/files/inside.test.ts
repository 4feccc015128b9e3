import assert from 'node:assert/strict';
import { FileError } from '../../../src/files/folder';
import { checkInside } from '../../../src/files/inside';

describe('checkInside', () => {
  for (const path of [
    'w.safetensors',
    'sub/w.safetensors',
    './w.csv',
    '가중치.csv',
    'a..b',
    '...',
    'a%2e%2e/b',
  ]) {
    it(`accepts ${path}`, () => checkInside(path));
  }

  const outside = [
    '',
    '..',
    '../w',
    'a/../../w',
    'a/..',
    '/etc/passwd',
    '\\\\server\\share',
    '..\\w',
    'C:/w',
    'c:w',
    'file:///etc/passwd',
    'https://example.com/w',
    'a\0b',
  ];
  for (const path of outside) {
    it(`refuses ${JSON.stringify(path)}`, () => {
      assert.throws(
        () => checkInside(path),
        (error) => error instanceof FileError && error.reason === 'outside',
      );
    });
  }
});
