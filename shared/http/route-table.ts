import { AppError, quote } from '../core/errors.ts';

/** Routes as hono lists them; `ALL` are middleware. */
export interface RouteEntry {
  readonly method: string;
  /** `/heads/:head` */
  readonly path: string;
}

interface KnownPath {
  readonly path: string;
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/** What hono does not tell: which methods a path has, so that a wrong one is a 405 with `Allow` and not a 404. */
export class RouteTable {
  readonly #paths: readonly KnownPath[];

  constructor(routes: readonly RouteEntry[]) {
    const methods = new Map<string, string[]>();
    for (const { method, path } of routes) {
      if (method === 'ALL') continue;
      methods.set(path, [...(methods.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])]);
    }
    this.#paths = [...methods].map(([path, known]) => ({
      path,
      pattern: patternOf(path),
      methods: [...new Set(known), 'OPTIONS'],
    }));
  }

  /**
   * The route that a path belongs to, for logs and metrics: few, whatever callers ask for.
   * @example routeOf('/heads/cifar100') // '/heads/:head'
   */
  routeOf(path: string): string | undefined {
    return this.#find(path)?.path;
  }

  /** @returns empty for a path that there is not */
  methodsOf(path: string): readonly string[] {
    return this.#find(path)?.methods ?? [];
  }

  /** Why nothing answered: there is no such path, or it has other methods. */
  missing(method: string, path: string): AppError {
    const allow = this.methodsOf(path);
    if (allow.length === 0) {
      return new AppError('not-found', `Expected a route of this function but received ${quote(path)}.`);
    }
    const message = `Expected ${allow.join(', ')} for ${this.routeOf(path) ?? path} but received ${quote(method)}.`;
    return new AppError('method-not-allowed', message, { allow });
  }

  #find(path: string): KnownPath | undefined {
    return this.#paths.find(({ pattern }) => pattern.test(path));
  }
}

/** A slash at the end makes no difference; a dot of the path is a dot. */
function patternOf(path: string): RegExp {
  const literal = path.replace(/\/$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/:\w+/g, '[^/]+')}/?$`);
}
