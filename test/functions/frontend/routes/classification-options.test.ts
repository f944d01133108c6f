import { expect } from 'chai';

import { classificationOptions } from '../../../../functions/frontend/routes/classification-options.ts';
import { HTML, PICTURE, startFrontend, type StartedFrontend } from '../started-frontend.ts';

type Fields = readonly (readonly [string, string])[];

describe('options of POST /classify', () => {
  let started: StartedFrontend;

  before(async () => {
    started = await startFrontend();
  });

  after(() => started.close());

  beforeEach(() => started.gateway.clip.asked.splice(0));

  const refused: [string, string, Fields, string][] = [
    ['two different values of one', '', [['top', '2'], ['top', '3']], 'top'], // prettier-ignore
    ['one that the address says otherwise', '?top=3', [['top', '2']], 'top'],
    ['labels that the address says otherwise', '?labels=a,b', [['labels', 'a'], ['labels', 'c']], 'labels'], // prettier-ignore
    ['one that nobody knows', '', [['colour', 'red']], 'colour'],
    ['one in the address that nobody knows', '?colour=red', [], 'colour'],
    ['a template without labels', '', [['template', 'a {}']], 'template'],
  ];
  for (const [name, query, fields, field] of refused) {
    it(`400 for ${name}`, async () => {
      const response = await started.post([...fields, ['image', PICTURE]], {}, query);
      expect(response.status).to.equal(400);
      const { errors } = (await response.json()) as { errors: { field: string }[] };
      expect(errors.map((error) => error.field)).to.deep.equal([field]);
      expect(started.gateway.clip.classifications).to.have.length(0);
    });
  }

  it('come from form and address alike, and may say the same thing twice', async () => {
    const fields: Fields = [['top', '2'], ['top', '2'], ['labels', 'a'], ['labels', 'b']]; // prettier-ignore
    const query = new URLSearchParams('labels=a,b&top=2&model=mini-clip');
    expect(classificationOptions(query, fields)).to.deep.equal([['model', 'mini-clip'], ...fields]);
    const response = await started.post([...fields, ['image', PICTURE]], {}, `?${query.toString()}`);
    expect(response.status).to.equal(200);
  });

  it('that an untouched form leaves blank are none, and a template left over on the page is none either', async () => {
    const fields: Fields = [['head', 'cat-dog'], ['labels', ''], ['template', 'a {}'], ['top', '5']]; // prettier-ignore
    const response = await started.post([...fields, ['image', PICTURE]], HTML);
    expect(response.status).to.equal(200);
    expect(started.gateway.clip.classifications[0]?.url).to.equal('/?head=cat-dog&top=5');
  });

  it('are named one by one where they are wrong, but never more than a person reads', () => {
    const many = Array.from({ length: 299 }, (_, at): [string, string] => [`x${at}`, 'y']);
    expect(() => classificationOptions([], many))
      .to.throw()
      .with.property('fields')
      .that.has.length(20);
  });
});
