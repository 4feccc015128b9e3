import assert from 'node:assert/strict';
import type { Forecast } from '../../../../src/protocol';
import {
  aheadOf,
  errorInWords,
  formatOf,
  inUnits,
  significant,
  stepInWords,
} from '../../../../src/picture/output/forecast';

const forecast: Forecast = {
  ...{ unit: 0, byFile: true, canExpect: false },
  against: { kind: 'input', feature: 0, ahead: 1 },
  steps: Int32Array.of(0, 1, 2),
  prediction: Float32Array.of(0, 1, -1),
  error: { model: 0.5, before: 1, rows: 2 },
  column: { name: 'ppm', mean: 300, deviation: 2 },
};

describe('a forecast', () => {
  it("is told in the table's own units and dates", () => {
    assert.deepEqual([...inUnits(forecast, forecast.prediction)], [300, 302, 298]);
    assert.match(
      errorInWords(forecast)!,
      /^Error \(RMSE\) 1\.00 \(ppm\); 2\.00 for .*: 50% less\. Over 2 steps\.$/,
    );
    assert.equal(formatOf(forecast)(1302.0049), '1,302.00');
    assert.equal(stepInWords({ table: { dates: ['May 1 2000'], columns: [] } }, 0), 'May 1 2000');
    assert.equal(stepInWords({}, 4), 'step 5');
    assert.equal(aheadOf(forecast), 1);
  });

  it('has no error to tell where nothing is compared', () => {
    assert.equal(errorInWords({ ...forecast, error: undefined }), null);
  });

  it('says so where it is worse, or not a number', () => {
    const worse = { ...forecast, column: undefined, error: { model: 3, before: 2, rows: 9 } };
    assert.match(errorInWords(worse)!, /50% more/);
    assert.match(
      errorInWords({ ...worse, error: { model: 7, before: 2, rows: 9 } })!,
      /: 3\.5 times as much\./,
    );
    assert.match(
      errorInWords({ ...worse, error: { model: 102.4, before: 2, rows: 9 } })!,
      /: 51 times as much\./,
    );
    assert.match(errorInWords({ ...worse, error: { model: NaN, before: 2, rows: 9 } })!, /RMSE\) NaN/);
  });

  it('keeps three digits', () => {
    assert.deepEqual([0.58912, -23.456, 1234.56, 0.000012, 0].map(significant), [
      ...['0.589', '−23.5', '1,234.6', '1.20e−5', '0.00'],
    ]);
  });
});
