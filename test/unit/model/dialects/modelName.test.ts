import assert from 'node:assert/strict';
import { DEFAULT_LIMITS } from '../../../../src/model/dialects/dialect';
import { nameOfFile } from '../../../../src/model/dialects/modelName';
import { MemoryFolder } from '../support';

const name = (fileName: string, folderName?: string) =>
  nameOfFile(
    { fileName, folderName, folder: new MemoryFolder(), limits: DEFAULT_LIMITS },
    /\.(json|keras)$/i,
  );

describe('the name of a model whose file does not say it', () => {
  it('is the file’s', () => {
    assert.equal(name('bells.json', 'downloads'), 'bells');
    assert.equal(name('models.keras', 'downloads'), 'models');
    assert.equal(name('.json', 'downloads'), '.json');
  });

  it('is the folder’s where the file’s says nothing', () => {
    for (const file of ['model.json', 'Model.keras', 'manifest.json', 'model_config.json', 'weights.json']) {
      assert.equal(name(file, 'bells'), 'bells');
    }
    assert.equal(name('model.json'), 'model');
    assert.equal(name('model.json', ''), 'model');
  });
});
