// Configuration by environment variables: how options are declared, and those that several programs share.
export {
  ConfigError,
  count,
  type Environment,
  flag,
  oneOf,
  optional,
  type Options,
  parseOptions,
  usageOf,
  type Values,
} from './options.ts'
export {
  arenaOptions,
  busOptions,
  logOptions,
  modelOptions,
  narratorOptions,
  redisOptions,
  simulatorOptions,
  storeOptions,
} from './shared.ts'
export { endWith, runProgram } from './program.ts'
