import assert from 'node:assert/strict';
import { featuresInWords } from '../../../../src/picture/diagram/featureNames';

describe('features without a place', () => {
  it('are said by their names, many of them counted', () => {
    const features = ['wind', 'rain', 'sun'];
    assert.equal(featuresInWords({ features }, 1, 3), 'rain, sun');
    const many = Array.from({ length: 60 }, (_, k) => `f${k}`);
    assert.match(featuresInWords({ features: many }, 10, 60), /^f10, f11, .*, f33 and 26 more$/);
  });

  it('are said by their numbers where they have none', () => {
    assert.equal(featuresInWords({}, 48, 1300), 'features 48 to 1,299');
    assert.equal(featuresInWords({}, 48, 49), 'feature 48');
  });
});
