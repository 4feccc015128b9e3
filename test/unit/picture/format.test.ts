import assert from 'node:assert/strict';
import {
  formatCount,
  formatDuration,
  formatPrecise,
  formatScale,
  formatUpTo,
  formatValue,
} from '../../../src/picture/format';

describe('formatValue', () => {
  it('gives two digits and a true minus sign', () => {
    assert.equal(formatValue(0.814), '0.81');
    assert.equal(formatValue(-0.5), '−0.50');
    assert.equal(formatValue(12.345), '12.35');
    assert.equal(formatValue(-1234.56), '−1234.6');
  });

  it('has no minus sign before zero', () => {
    assert.equal(formatValue(-0.001), '0.00');
    assert.equal(formatValue(-0), '0.00');
  });

  it('names what is not finite', () => {
    assert.equal(formatValue(NaN), 'NaN');
    assert.equal(formatValue(Infinity), '∞');
    assert.equal(formatValue(-Infinity), '−∞');
  });
});

describe('formatUpTo', () => {
  const formatted = (reach: number, ...values: number[]) => values.map(formatUpTo(reach));

  it('gives all numbers as many digits as the largest needs to say something', () => {
    assert.deepEqual(formatted(0.017, 0.017, -0.0004, 0), ['0.0170', '−0.0004', '0.0000']);
    assert.deepEqual(formatted(0.25, -0.25, 0.003, -0.0001), ['−0.250', '0.003', '0.000']);
    assert.deepEqual(formatted(1.25, 1.25, -0.5, NaN), ['1.25', '−0.50', 'NaN']);
    assert.deepEqual(formatted(3e-7, -3e-7, NaN), ['−3.0e−7', 'NaN']);
  });
});

describe('formatPrecise', () => {
  it('keeps two digits of a small number', () => {
    assert.equal(formatPrecise(0.0123), '0.012');
    assert.equal(formatPrecise(-0.000456), '−0.00046');
    assert.equal(formatPrecise(3.2e-7), '3.2e−7');
    assert.equal(formatPrecise(-1.5e-12), '−1.5e−12');
    assert.equal(formatPrecise(0), '0.00');
    assert.equal(formatPrecise(0.0996), '0.100');
  });

  it('is formatValue for the others, with a power of ten for the large', () => {
    assert.equal(formatPrecise(0.25), '0.25');
    assert.equal(formatPrecise(-3), '−3.00');
    assert.equal(formatPrecise(123456), '1.2e5');
  });
});

describe('other figures', () => {
  it('scales have two significant digits', () => {
    assert.equal(formatScale(2.345), '2.3');
    assert.equal(formatScale(0.0712), '0.071');
    assert.equal(formatScale(1234.5), '1,235');
    assert.equal(formatScale(1e20), '1.0e20');
    assert.equal(formatScale(2.34e-6), '2.3e−6');
  });

  it('counts have separators', () => {
    assert.equal(formatCount(6308), '6,308');
    assert.equal(formatCount(7), '7');
  });

  it('durations have the unit that fits', () => {
    assert.equal(formatDuration(0.41), '0.4 ms');
    assert.equal(formatDuration(0.001), '0.1 ms');
    assert.equal(formatDuration(42.4), '42 ms');
    assert.equal(formatDuration(999.4), '999 ms');
    assert.equal(formatDuration(999.6), '1.0 s');
    assert.equal(formatDuration(4501), '4.5 s');
    assert.equal(formatDuration(12_340), '12.3 s');
  });
});
