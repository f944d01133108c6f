import { expect } from 'chai';
import { trainingSettings } from '../../../scripts/gateway/training-settings.ts';

describe('what npm start gives the functions for training', () => {
  it('is the embedded store and a token made anew, which is printed', () => {
    const { environment, text } = trainingSettings({}, '/app');
    expect(environment.STORE_URL).to.equal('lmdb:/app/.data/store');
    expect(environment.TRAINER_TOKEN).to.match(/^[\w-]{24}$/);
    expect(text).to.contain(`asks for this token: ${environment.TRAINER_TOKEN}\n`);
    expect(text).to.contain('Classifying needs none');
    expect(trainingSettings({}, '/app').environment.TRAINER_TOKEN).to.not.equal(environment.TRAINER_TOKEN);
  });

  it('is what the environment says, and a token of its own is not printed', () => {
    const env = { STORE_URL: 'redis://127.0.0.1', TRAINER_TOKEN: 'mine' };
    expect(trainingSettings(env, '/app')).to.deep.equal({ environment: env, text: undefined });
  });

  it('takes empty variables as absent', () => {
    const { environment } = trainingSettings({ STORE_URL: '', TRAINER_TOKEN: '' }, '/app');
    expect(environment.STORE_URL).to.match(/^lmdb:/);
    expect(environment.TRAINER_TOKEN).to.not.equal('');
  });
});
