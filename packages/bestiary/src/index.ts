// Stat blocks: the built-in creatures, a search, and importers.
export * from './stat-block.ts'
export * from './content-hash.ts'
export * from './figures.ts'
export * from './search.ts'
