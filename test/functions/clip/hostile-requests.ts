/** Requests that somebody might send to do harm, or without knowing better; made when they are asked for. */
export interface HostileRequest {
  readonly name: string;
  readonly status: number;
  readonly path?: string;
  readonly type?: string;
  /** @param red a good picture, to hide things beside */
  readonly body: (red: Uint8Array<ArrayBuffer>) => string | Uint8Array<ArrayBuffer>;
}

const FORM = 'multipart/form-data; boundary=b';
const JSON_TYPE = 'application/json';

const head = (disposition: string) => `--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`;
const field = (name: string, value: string) => `${head(`name="${name}"`)}${value}\r\n`;
const form = (...parts: readonly (string | Uint8Array)[]) =>
  new Uint8Array(Buffer.concat([...parts, '--b--\r\n'].map((part) => Buffer.from(part as string))));
const image = (bytes: Uint8Array) => [head('name="image"; filename="a"'), bytes, '\r\n'] as const;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const query = (options: Record<string, string>) => `/?${new URLSearchParams(options).toString()}`;

export const HOSTILE_REQUESTS: readonly HostileRequest[] = [
  // Forms
  { name: 'a form without a boundary', status: 400, type: 'multipart/form-data', body: () => 'x' },
  {
    name: 'a form whose boundary is empty',
    status: 400,
    type: 'multipart/form-data; boundary=',
    body: () => 'x',
  },
  { name: 'a form whose boundary never comes', status: 400, type: FORM, body: () => 'x'.repeat(100_000) },
  {
    name: 'a form that breaks off in its picture',
    status: 400,
    type: FORM,
    body: (red) => form(...image(red)).slice(0, -8),
  },
  {
    name: 'a form in a form',
    status: 415,
    type: FORM,
    body: (red) =>
      form(
        head('name="image"; filename="a"'),
        'Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n',
        red,
        '\r\n--c--\r\n',
      ),
  },
  {
    name: 'a form of 10,000 parts',
    status: 400,
    type: FORM,
    body: () => form(field('top', '1').repeat(10_000)),
  },
  {
    name: 'a form of 33 pictures',
    status: 400,
    type: FORM,
    body: (red) => form(...Array.from({ length: 33 }, () => image(red)).flat()),
  },
  {
    name: 'a field name of 10 kB',
    status: 400,
    type: FORM,
    body: (red) => form(...image(red), field('n'.repeat(10_000), '1')),
  },
  {
    name: 'a part header of 1 MB',
    status: 400,
    type: FORM,
    body: () => `--b\r\nX: ${'a'.repeat(1_000_000)}\r\n\r\nx\r\n--b--\r\n`,
  },
  {
    name: 'a field of 1 MB',
    status: 400,
    type: FORM,
    body: (red) => form(...image(red), field('labels', 'x'.repeat(1_000_000))),
  },
  {
    name: 'fields named after a prototype',
    status: 400,
    type: FORM,
    body: (red) => form(...image(red), field('__proto__', '1'), field('constructor', '1')),
  },
  {
    name: 'a file name that climbs',
    status: 200,
    type: FORM,
    body: (red) => form(head('name="image"; filename="../../../etc/passwd"'), red, '\r\n'),
  },
  {
    name: 'a file name with NUL',
    status: 400,
    type: FORM,
    body: (red) => form(head('name="image"; filename="a\0.jpg"'), red, '\r\n'),
  },
  {
    name: 'a picture in another field',
    status: 400,
    type: FORM,
    body: (red) => form(head('name="file"; filename="a"'), red, '\r\n'),
  },
  {
    name: 'a form in an encoding that nobody knows',
    status: 200,
    type: `${FORM}; charset=utf-9`,
    body: (red) => form(...image(red)),
  },
  // JSON
  {
    name: 'JSON nested 100,000 deep',
    status: 400,
    type: JSON_TYPE,
    body: () => '['.repeat(100_000) + ']'.repeat(100_000),
  },
  {
    name: 'JSON nested 100,000 deep in an option',
    status: 400,
    type: JSON_TYPE,
    body: (red) => `{"image":"${base64(red)}","top":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  },
  {
    name: 'JSON with members of a prototype',
    status: 400,
    type: JSON_TYPE,
    body: (red) => `{"image":"${base64(red)}","__proto__":{"top":1},"constructor":{"prototype":{"top":1}}}`,
  },
  { name: 'JSON that is a number', status: 400, type: JSON_TYPE, body: () => '1e999' },
  { name: 'JSON that is null', status: 400, type: JSON_TYPE, body: () => 'null' },
  { name: 'JSON that breaks off', status: 400, type: JSON_TYPE, body: () => '{"image": "AAAA' },
  {
    name: 'JSON that is no UTF-8',
    status: 400,
    type: JSON_TYPE,
    body: () => Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d),
  },
  {
    name: 'JSON with 50,000 unknown members',
    status: 400,
    type: JSON_TYPE,
    body: () => `{${Array.from({ length: 50_000 }, (_, at) => `"m${at}":1`).join(',')}}`,
  },
  {
    name: 'base64 that is none',
    status: 400,
    type: JSON_TYPE,
    body: () => '{"image": "a picture of a cat!"}',
  },
  {
    name: 'base64 of blanks and one bad sign',
    status: 400,
    type: JSON_TYPE,
    body: () => JSON.stringify({ image: `A${' '.repeat(200_000)}!` }),
  },
  { name: 'base64 that is a number', status: 400, type: JSON_TYPE, body: () => '{"image": 12345678}' },
  {
    name: 'a picture that is a list of bytes',
    status: 400,
    type: JSON_TYPE,
    body: () => '{"image": [137, 80, 78, 71]}',
  },
  // Options
  {
    name: '257 labels',
    status: 400,
    path: query({ labels: Array.from({ length: 257 }, (_, at) => `l${at}`).join(',') }),
    body: (red) => red,
  },
  {
    name: '10,000 labels',
    status: 400,
    path: query({ labels: Array.from({ length: 10_000 }, (_, at) => `l${at}`).join(',') }),
    body: (red) => red,
  },
  {
    name: 'labels with control characters',
    status: 400,
    path: query({ labels: 'a\u001b[31m,b' }),
    body: (red) => red,
  },
  { name: 'NUL in an option', status: 404, path: '/?head=%00', body: (red) => red },
  { name: 'an option that is no UTF-8', status: 404, path: '/?head=%ff%fe', body: (red) => red },
  { name: 'a per cent sign alone', status: 404, path: '/?head=%', body: (red) => red },
  {
    name: 'a template without {}',
    status: 400,
    path: query({ labels: 'a', template: 'x' }),
    body: (red) => red,
  },
  {
    name: 'a template of two {}',
    status: 400,
    path: query({ labels: 'a', template: '{}{}' }),
    body: (red) => red,
  },
  {
    name: 'replacement signs in a template',
    status: 200,
    path: query({ labels: 'a,b', template: "$& $' {} $1" }),
    body: (red) => red,
  },
  ...['0', '-1', '1e9', 'NaN', '', '1;2', '5%00'].map((top) => ({
    name: `top=${top}`,
    status: 400,
    path: `/?top=${top}`,
    body: (red: Uint8Array<ArrayBuffer>) => red,
  })),
  { name: '1,000 options', status: 400, path: `/?${'head=a&'.repeat(1_000)}x=1`, body: (red) => red },
  {
    name: '1,000 different heads',
    status: 400,
    path: `/?${Array.from({ length: 1_000 }, (_, at) => `head=h${at}`).join('&')}`,
    body: (red) => red,
  },
  { name: 'a head that climbs', status: 404, path: query({ head: '../../etc/passwd' }), body: (red) => red },
  { name: 'a model that climbs', status: 404, path: query({ model: '../tiny' }), body: (red) => red },
  { name: 'a content type of 10 kB', status: 200, type: `image/${'x'.repeat(10_000)}`, body: (red) => red },
];
