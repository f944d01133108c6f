type Environment = Readonly<Record<string, string | undefined>>;

interface Log {
  info(fields: object, message: string): void;
}

/** Called once. Load here, with `await`, what every request needs. */
export const createFunction = (env: Environment, log: Log) => {
  const greeting = env.greeting ?? 'Hello';
  log.info({ greeting }, 'sample function is ready');
  return Promise.resolve({
    /** Called for each request. A throw becomes a 500 with a call id; the log has the rest. */
    async fetch(request: Request): Promise<Response> {
      const name = (await request.text()).trim();
      return Response.json({ message: `${greeting}, ${name === '' ? 'you' : name}!` });
    },
    ready: () => true,
    /** Called once before the process ends: close what was opened. */
    close: () => Promise.resolve(),
  });
};
