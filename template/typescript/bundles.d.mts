export interface CopyBundlesOptions {
  readonly names: readonly string[];
  /** Folders of bundles, such as `models`. */
  readonly from: string;
  readonly to: string;
}

export function copyBundles(options: CopyBundlesOptions): Promise<void>;
