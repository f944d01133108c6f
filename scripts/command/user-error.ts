/** An error that the user of a command can understand and mend: printed as one line, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What the process leaves with: 1 failed, 2 wrong usage. */
  readonly exitCode: number;

  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? 1;
  }
}

/** Wrong options or operands: the message is followed by how to get help. */
export function usageError(message: string, command: string): UserError {
  return new UserError(`${message}\nSee: npm run ${command} -- --help`, { exitCode: 2 });
}
