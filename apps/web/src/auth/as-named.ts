import { asSomebody } from '../api.ts'
import { readSession } from './session.ts'
import { takeName } from './take-name.ts'

/** Works as the person of this page under this name, which they have typed: a guest who is new, or who takes it now. */
export async function asNamed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const isKnown = readSession() !== null
  return asSomebody(name, async () => {
    if (isKnown) await takeName(name)
    return work()
  })
}
