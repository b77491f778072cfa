// The database behind one interface: SQLite in a file by default, PostgreSQL by URL.
export * from './store.ts'
export { openStore, type StoreOptions } from './open.ts'
