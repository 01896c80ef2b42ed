/** Jest gives a test globals of its own, where Node's own errors are no instances of `Error`: the same error, of the test's. */
export function toOwnError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('message' in error)) return error;
  const { message, name, code, cause } = error as { message: string; name: string; code?: unknown; cause?: unknown };
  return Object.assign(new Error(message), {
    name,
    code,
    ...(cause === undefined ? {} : { cause: toOwnError(cause) }),
  });
}
