import { until } from '@tablecast/testing'
import { describe, expect, it } from 'vitest'
import { taskThread, type TaskThreadOptions } from './task-thread.ts'

const module = new URL('./testing/task-worker.ts', import.meta.url)

function openThread(options: Partial<TaskThreadOptions> = {}) {
  const faults: unknown[] = []
  const failed = (error: unknown) => void faults.push(error)
  const limits = { deadlineMs: 20_000, idleMs: 20_000, maxMemoryMb: 64, maxWaiting: 3 }
  const thread = taskThread<string, string>({ module, ...limits, failed, ...options })
  return { thread, faults, [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose]() }
}

describe('A thread for tasks', () => {
  it('starts with the first task, and answers all tasks in order', async () => {
    await using at = openThread()
    expect(at.thread.isRunning).toBe(false)
    const answers: string[] = []
    const tasks = ['one', 'two', 'three'].map(async (task) => answers.push(await at.thread.run(task)))
    await Promise.all(tasks)
    expect(answers).toEqual(['done: one', 'done: two', 'done: three'])
    expect(at.thread.isRunning).toBe(true)
  })

  it('does not block the event loop, and is ended when a task exceeds its deadline', async () => {
    await using at = openThread({ deadlineMs: 1_000 })
    let turns = 0
    const turning = setInterval(() => turns++, 1)
    await expect(at.thread.run('spin')).rejects.toMatchObject({ problem: 'late' })
    clearInterval(turning)
    expect(turns).toBeGreaterThan(20)
    expect(at.thread.isRunning).toBe(false)
  })

  it('does not count the start of the thread as part of a task', async () => {
    await using at = openThread({ module: new URL('?loadingMs=2000', module), deadlineMs: 1_000 })
    expect(await at.thread.run('one')).toBe('done: one')
  })

  it('goes on with the next task after one was late, threw an error or ended the thread', async () => {
    await using at = openThread({ deadlineMs: 5_000 })
    const all = await Promise.allSettled(['spin', 'one', 'throw', 'two'].map((task) => at.thread.run(task)))
    expect(all).toMatchObject([
      { reason: { problem: 'late' } },
      { value: 'done: one' },
      { reason: { problem: 'broken' } },
      { value: 'done: two' },
    ])
    expect(at.faults).toMatchObject([{ message: 'a fault of its own' }])
    await expect(at.thread.run('leave')).rejects.toMatchObject({ problem: 'broken' })
    expect(await at.thread.run('three')).toBe('done: three')
  })

  it('ends without the process when it runs out of memory', async () => {
    await using at = openThread()
    await expect(at.thread.run('fill')).rejects.toMatchObject({ problem: 'broken' })
    expect(at.faults).toMatchObject([{ code: 'ERR_WORKER_OUT_OF_MEMORY' }])
    expect(await at.thread.run('one')).toBe('done: one')
  })

  it('refuses a task when `maxWaiting` tasks wait', async () => {
    await using at = openThread({ maxWaiting: 1 })
    const [first, second] = [at.thread.run('one'), at.thread.run('two')]
    await expect(at.thread.run('three')).rejects.toMatchObject({ problem: 'busy' })
    expect(await Promise.all([first, second])).toEqual(['done: one', 'done: two'])
  })

  it('is ended after the idle time, and when its owner is disposed', async () => {
    await using at = openThread({ idleMs: 1 })
    await at.thread.run('one')
    await until(() => !at.thread.isRunning)
    const atWork = [at.thread.run('spin'), at.thread.run('two')].map((task) =>
      expect(task).rejects.toMatchObject({ problem: 'closed' }),
    )
    await at.thread[Symbol.asyncDispose]()
    await Promise.all(atWork)
    expect(at.thread.isRunning).toBe(false)
    await expect(at.thread.run('three')).rejects.toMatchObject({ problem: 'closed' })
  })
})
