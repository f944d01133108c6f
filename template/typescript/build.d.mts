/** Packages with compiled code, which no bundle can hold. */
export const NATIVE_PACKAGES: readonly string[];

export interface BuildOptions {
  /** Folder with `handler.ts`. */
  readonly functionDir: string;
  /** Emptied first. It must lie below a folder whose node_modules holds the native packages. */
  readonly outDir: string;
}

export interface BuiltFunction {
  readonly outDir: string;
  /** Worker thread files in `outDir`, such as `encoder.worker.js`. */
  readonly workers: readonly string[];
  /** Native packages that the function imports. */
  readonly natives: readonly string[];
}

export function buildFunction(options: BuildOptions): Promise<BuiltFunction>;
