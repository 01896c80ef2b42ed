/** Jest gives a test a realm of its own, where Node's own errors are no instances of `Error`: the same error, of this realm. */
export function toOwnRealm(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('message' in error)) return error;
  const { message, name, code, cause } = error as { message: string; name: string; code?: unknown; cause?: unknown };
  return Object.assign(new Error(message), {
    name,
    code,
    ...(cause === undefined ? {} : { cause: toOwnRealm(cause) }),
  });
}
