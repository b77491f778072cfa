import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BrowserStorage } from './storage.ts'

/** A browser's storage that can refuse everything, or be out of room. */
class FakeStorage implements Storage {
  readonly values = new Map<string, string>()
  isBlocked = false
  room = Infinity

  get length(): number {
    return this.values.size
  }

  getItem(key: string): string | null {
    this.#look()
    return this.values.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.#look()
    if (key.length + value.length > this.room) throw new DOMException('full', 'QuotaExceededError')
    this.values.set(key, value)
  }

  removeItem(key: string): void {
    this.#look()
    this.values.delete(key)
  }

  key(): string | null {
    return null
  }

  clear(): void {
    this.values.clear()
  }

  #look(): void {
    if (this.isBlocked) throw new DOMException('denied', 'SecurityError')
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

describe('the storage of a browser', () => {
  it('storage gives the value that was written last, whatever the browser refuses and when', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b'),
      value: fc.option(fc.string({ maxLength: 12 })),
      isBlocked: fc.boolean(),
      room: fc.constantFrom(0, 6, Infinity),
    })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const fake = new FakeStorage()
        const storage = new BrowserStorage(() => fake)
        const expected = new Map<string, string | null>()
        for (const { key, value, isBlocked, room } of steps) {
          Object.assign(fake, { isBlocked, room })
          storage.write(key, value)
          expected.set(key, value)
          fake.isBlocked = false
          for (const [one, wanted] of expected) expect(storage.read(one)).toBe(wanted)
        }
      }),
    )
  })

  it('storage works where the browser refuses every access', () => {
    const storage = new BrowserStorage(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    expect(storage.read('a')).toBeNull()
    storage.write('a', '1')
    expect(storage.read('a')).toBe('1')
    storage.write('a', null)
    expect(storage.read('a')).toBeNull()
    expect(storage.isLasting).toBe(false)
  })

  it('an old value does not come back after a reload when the new one did not fit', () => {
    const fake = new FakeStorage()
    new BrowserStorage(() => fake).write('session', 'old')
    fake.room = 4
    new BrowserStorage(() => fake).write('session', 'a longer one')
    expect(new BrowserStorage(() => fake).read('session')).toBeNull()
  })

  it('storage says whether it outlives the page, and leaves nothing behind', () => {
    const fake = new FakeStorage()
    expect(new BrowserStorage(() => fake).isLasting).toBe(true)
    expect(fake.length).toBe(0)
    fake.room = 0
    expect(new BrowserStorage(() => fake).isLasting).toBe(false)
  })

  it('a stored text that is no JSON, or has another shape, is read as nothing', () => {
    const fake = new FakeStorage()
    const storage = new BrowserStorage(() => fake)
    for (const broken of ['{', '1', '{}', 'null', '']) {
      fake.values.set('a', broken)
      expect(storage.readJson('a', isText)).toBeNull()
    }
    fake.values.set('a', '"text"')
    expect(storage.readJson('a', isText)).toBe('text')
  })

  it('keeps nothing after it was cleared, neither in the browser nor in memory', () => {
    const fake = new FakeStorage()
    const storage = new BrowserStorage(() => fake)
    storage.write('kept', 'a')
    fake.setItem('of another version', 'b')
    fake.isBlocked = true
    storage.write('refused', 'c')
    storage.clear()
    fake.isBlocked = false
    expect(fake.values.size).toBe(0)
    expect([storage.read('kept'), storage.read('refused')]).toEqual([null, null])
  })
})
