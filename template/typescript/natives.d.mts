export interface CopyNativesOptions {
  readonly names: readonly string[];
  /** node_modules folders. */
  readonly from: string;
  readonly to: string;
  /** As Node names it; this machine's by default. */
  readonly platform?: string;
  readonly arch?: string;
}

export function copyNatives(options: CopyNativesOptions): Promise<readonly string[]>;
