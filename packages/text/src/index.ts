export * from './text.ts'
export * from './ids.ts'
export * from './start-of.ts'
