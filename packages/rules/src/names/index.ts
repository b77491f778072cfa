export * from './fold.ts'
export * from './numbered.ts'
