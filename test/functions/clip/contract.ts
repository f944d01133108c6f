import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { ServedFunction } from '../../../shared/core/served-function.ts';

interface Operation {
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: object }>> }>>;
}

interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

/** The API document as a test of answers: each one must be what the document says of its route and status. */
export class Contract {
  readonly document: ApiDocument;
  readonly #ajv = new Ajv2020({ allErrors: true, strict: false });
  readonly #validators = new Map<object, ValidateFunction>();

  private constructor(document: ApiDocument) {
    this.document = document;
  }

  static async of(served: ServedFunction): Promise<Contract> {
    const response = await served.fetch(new Request('http://clip/openapi.json'));
    return new Contract((await response.json()) as ApiDocument);
  }

  /** Looks at a copy; the response can still be read. */
  async check(request: Request, response: Response): Promise<void> {
    const { pathname } = new URL(request.url);
    const where = `${request.method} ${pathname} → ${response.status}`;
    expect(response.headers.get('X-Call-Id'), `call id of ${where}`).to.match(/^[\w.:-]{1,128}$/);
    const type = (response.headers.get('Content-Type') ?? '').split(';')[0] ?? '';
    if (response.status >= 400) expect(type, where).to.match(/^(application\/problem\+json|text\/html)$/);
    const operation = this.#operation(request.method, pathname);
    if (operation === undefined) {
      expect(response.status, `${where}, which is not described`).to.be.oneOf([204, 404, 405]);
      return;
    }
    const described = operation.responses[response.status];
    expect(described, `${where} is described`).to.not.equal(undefined);
    const schema = described?.content?.[type]?.schema;
    expect(schema, `${where} may be ${type}`).to.not.equal(undefined);
    if (schema === undefined || request.method === 'HEAD' || !/[/+]json$/.test(type)) return;
    const validate = this.#validatorOf(schema);
    const body: unknown = await response.clone().json();
    expect(
      validate(body),
      `${where}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(body)}`,
    ).to.equal(true);
  }

  #operation(method: string, pathname: string): Operation | undefined {
    const path = Object.keys(this.document.paths).find((candidate) =>
      new RegExp(`^${candidate.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
    );
    return this.document.paths[path ?? '']?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
  }

  #validatorOf(schema: object): ValidateFunction {
    const known = this.#validators.get(schema);
    if (known !== undefined) return known;
    const compiled = this.#ajv.compile({ ...schema, components: this.document.components });
    this.#validators.set(schema, compiled);
    return compiled;
  }
}
