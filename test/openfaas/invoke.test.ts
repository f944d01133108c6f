import { expect } from 'chai';
import { FAR_TOO_MANY_MEBIBYTES, sendZeros } from '../fixtures/send-zeros.ts';
import { classify, photo, problemOf, upload } from './asking.ts';
import { GATEWAY } from './gateway-process.ts';
import { describeOpenfaas } from './with-openfaas.ts';

interface Answer {
  readonly head: string;
  readonly image: { readonly format: string };
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
}

describeOpenfaas('clip and frontend behind gateway and watchdog', (world) => {
  before(async () => {
    await world().deployStack();
  });

  it('answer an empty line by faas-cli with a 400 problem, and load the model with it', async () => {
    // echo | faas-cli invoke clip: what people type to see whether a function is there.
    const { code, stdout, stderr } = await world().cli(['invoke', 'clip'], '\n');
    expect(code).to.not.equal(0);
    expect(`${stdout}${stderr}`).to.contain('400').and.to.contain('"code":"bad-request"');
    const ready = await fetch(`${GATEWAY}/function/clip/ready`);
    expect(ready.status).to.equal(200);
  });

  it('answer a raw photo on faas-cli’s input', async () => {
    const answer = JSON.parse(await world().mustCli(['invoke', 'clip'], await photo())) as Answer;
    expect(answer.head).to.equal('cifar100');
    expect(answer.image.format).to.equal('jpeg');
    expect(answer.predictions).to.have.length(5);
  });

  it('take options by --query', async () => {
    const args = ['invoke', 'clip', '--query', 'head=cat-dog', '--query', 'top=1'];
    const answer = JSON.parse(await world().mustCli(args, await photo())) as Answer;
    expect(answer.head).to.equal('cat-dog');
    expect(answer.predictions.map(({ label }) => label)).to.deep.equal(['dog']);
  });

  it('serve the page and all that it links to', async () => {
    for (const address of ['/function/frontend', '/function/frontend/']) {
      const response = await fetch(`${GATEWAY}${address}`, { headers: { Accept: 'text/html' } });
      const page = await response.text();
      expect(response.status).to.equal(200);
      expect(page).to.contain('<base href="/function/frontend/"');
      const links = [...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, link = '']) => link);
      expect(links).to.not.be.empty;
      for (const link of new Set(links)) {
        const asset = await fetch(`${GATEWAY}/function/frontend/${link}`);
        await asset.arrayBuffer();
        expect([link, asset.status]).to.deep.equal([link, 200]);
      }
    }
  });

  it('take an upload on the page, as JSON and as a page', async () => {
    const picture = await photo('castle');
    const answer = (await (await upload(picture)).json()) as Answer;
    expect(answer.predictions).to.have.length(5);
    const page = await upload(picture, { headers: { Accept: 'text/html' } });
    expect(page.headers.get('Content-Type')).to.contain('text/html');
    expect(await page.text()).to.contain(answer.predictions[0]?.label);
  });

  it('answer the page and a program alike', async () => {
    const picture = await photo('tractor');
    const program = (await (await classify(picture)).json()) as Answer;
    const page = (await (await upload(picture)).json()) as Answer;
    expect(page).to.deep.equal(program);
  });

  it('carry one call id from the client to both functions’ logs', async () => {
    const callId = 'followed-from-the-client';
    const response = await upload(await photo(), { headers: { 'X-Call-Id': callId } });
    await response.arrayBuffer();
    expect(response.headers.get('X-Call-Id')).to.equal(callId);
    for (const name of ['frontend', 'clip']) {
      const logs = await world().mustCli(['logs', name, '--tail=false', '--lines', '500']);
      const line = logs.split('\n').find((text) => text.includes(`"callId":"${callId}"`));
      expect(line, name).to.contain('"msg":"request"').and.to.contain('"status":200');
    }
  });

  it('name the call in a problem by the id that the gateway made', async () => {
    const response = await classify(new TextEncoder().encode('no picture at all'));
    const problem = await problemOf(response);
    expect(problem.status).to.equal(415);
    expect(problem.callId)
      .to.equal(response.headers.get('X-Call-Id'))
      .and.to.match(/^[0-9a-f-]{36}$/);
  });

  it('refuse a body over the limit with a 413 problem that the sender gets to read', async () => {
    const tooLarge = new Uint8Array(17 * 2 ** 20).fill(7);
    for (const response of [await classify(tooLarge), await upload(tooLarge)]) {
      const problem = await problemOf(response);
      expect([response.status, problem.code]).to.deep.equal([413, 'body-too-large']);
    }
    const { status, problem } = await sendZeros(`${GATEWAY}/function/clip`, FAR_TOO_MANY_MEBIBYTES);
    expect(status, problem).to.equal(413);
    // A picture over its own limit in a request below the request's.
    const large = new Uint8Array(11 * 2 ** 20);
    large.set(await photo());
    expect((await problemOf(await classify(large))).code).to.equal('body-too-large');
  });

  it('say what is wrong to a sender whose body they do not read', async () => {
    const senders = Array.from({ length: 24 }, () => sendZeros(`${GATEWAY}/function/clip/nowhere`, 15));
    for (const { status, problem } of await Promise.all(senders)) expect(status, problem).to.equal(404);
  });
});
