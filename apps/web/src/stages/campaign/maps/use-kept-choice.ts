import { useState } from 'react'
import { storage } from '../../../storage.ts'

/** A choice that this device remembers. */
export function useKeptChoice<T extends string>(key: string, first: T, all: readonly T[]): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => all.find((one) => one === storage.read(key)) ?? first)
  const choose = (next: T) => {
    setValue(next)
    storage.write(key, next)
  }
  return [value, choose]
}
