export * from './narrator.ts'
