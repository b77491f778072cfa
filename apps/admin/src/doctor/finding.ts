/** `advice`: what to do about it. */
export type Finding = { check: string; state: 'ok' | 'warn' | 'fail'; found: string; advice?: string }

export const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found })
export const warn = (check: string, found: string, advice: string): Finding => ({ check, state: 'warn', found, advice })
export const fail = (check: string, found: string, advice: string): Finding => ({ check, state: 'fail', found, advice })
