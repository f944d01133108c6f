/** What became of one picture that was sent. */
export interface PictureReply {
  readonly status: string;
  /** Undefined but for one that failed. */
  readonly problem: Readonly<Record<string, unknown>> | undefined;
}
