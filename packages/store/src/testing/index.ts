// For tests of this and other packages; never part of a running server.
export { freePort, startPostgres, type TestPostgres } from './postgres.ts'
export { temporaryFolder } from './folder.ts'
