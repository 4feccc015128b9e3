/** That the table of dependencies says what is there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dependencies, FILE, type Row } from '../dependencies';

describe('the table of dependencies', function () {
  this.timeout(60_000);
  let rows: readonly Row[];

  before(async () => {
    rows = await dependencies();
  });

  it('says of each package what it is for', () => {
    assert.deepEqual(
      rows.filter(({ why }) => !why).map(({ name }) => name),
      [],
    );
  });

  it('has each package with its version and licence, and no other', () => {
    const lines = readFileSync(FILE, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| '));
    const listed = lines.slice(2).map((line) => line.split(' | ').slice(0, 3).join(' ').slice(2));
    const licence = ({ licence: text }: Row) => text.replace(/[()]/g, '');
    assert.deepEqual(
      listed,
      rows.map((row) => `${row.name} ${row.version} ${licence(row)}`),
      'npm run dependencies writes it anew',
    );
  });

  it('holds no package in a bundle whose licence is not known', () => {
    assert.deepEqual(
      rows.filter(({ licence }) => licence === 'not stated').map(({ name }) => name),
      [],
    );
  });
});
