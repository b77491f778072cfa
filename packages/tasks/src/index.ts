export * from './task-line.ts'
export * from './task-thread.ts'
