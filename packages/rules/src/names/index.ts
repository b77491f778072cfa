export * from './fold.ts'
export * from './numbered.ts'
export * from './find.ts'
export * from './list.ts'
