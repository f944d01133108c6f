import { expect } from 'chai';

import { readAnswers } from '../../../../functions/frontend/view/answer.ts';
import { answersToCsv } from '../../../../functions/frontend/view/csv.ts';

const answers = readAnswers({
  head: 'labels',
  version: 'v1',
  model: { id: 'mini-clip', revision: 'r' },
  image: { sha256: 'ab', width: 1, height: 1, format: 'png' },
  predictions: [
    { label: 'a "big", red\nbus', score: 0.75, similarity: 0.31 },
    { label: '=1+1', score: 0.25 },
  ],
  confident: false,
});

describe('answers as CSV', () => {
  it('have one line a label', () => {
    expect(answersToCsv([{ name: 'x.jpg', answers }])).to.equal(
      'file,head,rank,label,score,similarity,confident,sha256,model,version\r\n' +
        'x.jpg,labels,1,"a ""big"", red\nbus",0.75,0.31,false,ab,mini-clip,v1\r\n' +
        "x.jpg,labels,2,'=1+1,0.25,,false,ab,mini-clip,v1\r\n",
    );
  });

  it('disarm what a spreadsheet would run, file names too', () => {
    expect(answersToCsv([{ name: '@SUM(A1).jpg', answers }])).to.contain("\r\n'@SUM(A1).jpg,");
  });

  it('of nothing are the names of the columns', () => {
    expect(answersToCsv([]).split('\r\n')).to.have.length(2);
  });
});
