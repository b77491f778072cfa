// The end of a call of the typed client, in tests that expect one of several.
const codeOf = (error: unknown) => (error as { data?: { tablecast?: { code: string } } }).data?.tablecast?.code

/** `code`: OK, or the error's. */
export const outcomeOf = <T>(call: Promise<T>) =>
  call.then(
    (answer) => ({ answer, code: 'OK' }),
    (error: unknown) => ({ answer: null, code: codeOf(error) ?? String(error) }),
  )
