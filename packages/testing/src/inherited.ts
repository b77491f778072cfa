/**
 * The part of this process's environment that a started process needs. Node.js keeps compiled modules in its compile cache, so a
 * process that a test starts is ready sooner.
 */
export const inherited = (): Pick<NodeJS.ProcessEnv, string> => ({
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
})
